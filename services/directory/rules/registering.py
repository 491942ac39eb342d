"""What becomes of a person's dossiers when an institution registers or unregisters the person.

Sources: the bank's integration service (operations, registers, reply with what overlaps), its
documentation on special quality codes, and the Crossroads Bank Act, article 6. That a registration
is never removed, only ended, follows from the history that article requires.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.concepts.period import Period
from services.directory.errors import DossierOverlaps
from services.directory.model import REPLACED, Dossier, OrganizationKey, QualityCode

FAR_FUTURE = timedelta(days=366)
"""How far ahead a registration can begin; what lies further is taken for a mistake."""


def may_be_registered(quality: QualityCode) -> bool:
    """Whether an institution may register in a quality: 999 is what a replacement leaves behind."""
    return quality != REPLACED


def register(
    known: Sequence[Dossier], wanted: Dossier
) -> tuple[tuple[Dossier, ...], tuple[Dossier, ...]]:
    """The dossiers with a registration among them, and those that it overlaps.

    What overlaps in the same quality becomes one dossier from the first day of all to the last;
    the phase is the one that was said last. A registration that lies wholly inside one that is
    there in the same phase changes nothing, hence may be repeated.
    """
    overlapping = tuple(
        one for one in known if _same(one, wanted) and one.period.overlaps(wanted.period)
    )
    merged = wanted
    for one in overlapping:
        merged = replace(merged, period=_union(merged.period, one.period))
    return (*(one for one in known if one not in overlapping), merged), overlapping


def unregister(
    known: Sequence[Dossier], organization: OrganizationKey, quality: QualityCode, period: Period
) -> tuple[tuple[Dossier, ...], Dossier] | None:
    """The dossiers with one of them ended, and that one; nothing if there is no such dossier.

    It is known by its first day. Its last day can be said again, earlier or later, as long as it
    stays out of the next dossier (else DossierOverlaps); that is a correction.
    """
    for one in known:
        if (one.organization, one.quality_code, one.period.begin) == (
            organization,
            quality,
            period.begin,
        ):
            ended = replace(one, period=period)
            rest = tuple(other for other in known if other is not one)
            if any(_same(other, ended) and other.period.overlaps(period) for other in rest):
                raise DossierOverlaps()
            return (*rest, ended), ended
    return None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of registrations: as they stand then, what they overlap, and whether anything
    is otherwise than before."""

    standing: Sequence[Dossier]
    overlapping: Sequence[Dossier]
    is_other: bool


def all_registered(
    before: Sequence[Dossier], wanted: Sequence[Dossier]
) -> tuple[Sequence[Dossier], Change]:
    """The dossiers with several registrations among them; and what becomes of these."""
    overlapping: list[Dossier] = []
    standing: list[Dossier] = []
    known = before
    for one in wanted:
        known, found = register(known, one)
        standing.append(known[-1])
        overlapping += found
    return known, Change(standing, overlapping, set(known) != set(before))


def all_unregistered(
    before: Sequence[Dossier],
    organizations: Sequence[OrganizationKey],
    quality: QualityCode,
    period: Period,
) -> tuple[Sequence[Dossier], Change]:
    """The dossiers with those of several organizations ended; and what becomes of these."""
    ended: list[Dossier] = []
    known = before
    for organization in organizations:
        found = unregister(known, organization, quality, period)
        if found is not None:
            known, one = found
            ended.append(one)
    return known, Change(ended, (), set(known) != set(before))


def _same(one: Dossier, other: Dossier) -> bool:
    return (one.organization, one.quality_code) == (other.organization, other.quality_code)


def _union(one: Period, other: Period) -> Period:
    begin = min(one.begin, other.begin)
    if one.end is None or other.end is None:
        return Period(begin)
    return Period(begin, max(one.end, other.end))

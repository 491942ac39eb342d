"""Accessions to general deliberations: who may accede, and which step opens something.

Sources: the general deliberations of the Information Security Committee, which describe the class
of their recipients, each of whom accedes with a rule of its own; four eyes, for no one person opens
data to others.
"""

from datetime import date

from services.access.errors import AccessionRefused, EffectInThePast, SecondPersonNeeded
from services.access.model import (
    Accession,
    Deliberation,
    Kind,
    ProposedAccession,
    Standing,
)
from services.concepts import reference
from services.concepts.organization import Organization, SectorInstitution


def admits(
    text: Deliberation, recipient: Organization, known: reference.Organization | None
) -> bool:
    """Whether the deliberation takes accessions of a recipient; `known` is what is known of it."""
    if recipient in text.recipients:
        return True
    if text.may_accede is None:
        return False
    kinds, sectors = text.may_accede.kinds, text.may_accede.sectors
    is_place = isinstance(recipient, SectorInstitution)
    place = recipient if isinstance(recipient, SectorInstitution) else known and known.place
    # Of a place nobody can tell what is there today or tomorrow.
    kind = "" if is_place or known is None else known.kind
    return (not kinds or kind in kinds) and (not sectors or bool(place and place.sector in sectors))


def opens(
    text: Deliberation, accession: Accession, known: reference.Organization | None, today: date
) -> bool:
    """Whether an accession opens something, and so waits for the committee; if not, it ends one
    that is there. Fails if it may not be."""
    if text.kind is not Kind.GENERAL or text.standing_on(today) is not Standing.IN_FORCE:
        raise AccessionRefused
    there = _same(text, accession)
    if there is not None:
        if there.regulation != accession.regulation:
            raise AccessionRefused
        if _ends_sooner(accession, there):
            _refuse_past("valid_until", accession.period.end, today)
            return False
        # What has ended is over: to reopen it would cover the days between.
        _refuse_past("valid_until", there.period.end, today)
    if not admits(text, accession.recipient, known):
        raise AccessionRefused
    if there is None:
        _refuse_past("valid_from", accession.period.begin, today)
    return True


def refuse_enacting(
    text: Deliberation,
    proposed: ProposedAccession,
    known: reference.Organization | None,
    person: str,
    today: date,
) -> None:
    """Refuse to enact what may not be, or by whom it may not be."""
    if person == proposed.proposed_by:
        raise SecondPersonNeeded
    opens(text, proposed.accession, known, today)


def _same(text: Deliberation, accession: Accession) -> Accession | None:
    for there in text.accessions:
        begins = there.period.begin == accession.period.begin
        if there.recipient == accession.recipient and begins:
            return there
    return None


def _ends_sooner(accession: Accession, there: Accession) -> bool:
    end, before = accession.period.end, there.period.end
    return end == before or (end is not None and (before is None or end < before))


def _refuse_past(field: str, day: date | None, today: date) -> None:
    if day is not None and day < today:
        raise EffectInThePast(facts={field: day.isoformat()})

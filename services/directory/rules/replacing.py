"""What becomes of dossiers when a number is replaced.

Source: the bank on replaced numbers (quality code 999 on the old number); law 9: the person
key survives, everything that is kept on it follows.
"""

from collections.abc import Sequence
from datetime import date

from services.concepts.period import Period
from services.directory.model import REPLACED, Dossier
from services.directory.rules.registering import register


def move_dossiers(
    old: Sequence[Dossier], new: Sequence[Dossier], on: date
) -> tuple[tuple[Dossier, ...], tuple[Dossier, ...]]:
    """The dossiers of the old number and of the new one after the replacement on a day.

    All go to the new number; where both have one in the same quality on the same days, they become
    one, in the phase of the number that stays. Each organization that had one keeps a line on the
    old number that says it was replaced, so that it is told whoever asks with it.
    """
    merged = tuple(one for one in new if one.quality_code != REPLACED)
    for one in old:
        if one.quality_code != REPLACED:
            merged = _merged(merged, one)
    line = {one.organization: Dossier(one.organization, REPLACED, 0, Period(on)) for one in old}
    kept = {one.organization: one for one in old if one.quality_code == REPLACED}
    return tuple((line | kept).values()), merged


def _merged(known: Sequence[Dossier], arriving: Dossier) -> tuple[Dossier, ...]:
    after, overlapping = register(known, arriving)
    if not overlapping:
        return after
    *rest, whole = after
    latest = max(overlapping, key=lambda one: one.period.begin)
    standing = Dossier(whole.organization, whole.quality_code, latest.phase, whole.period)
    return (*rest, standing)

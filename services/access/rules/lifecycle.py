"""The life of a deliberation: which step is allowed when, by whom, with effect from which day.

Sources: a deliberation is decided by a third body and public before it counts (Crossroads Bank Act
of 15 January 1990, articles 15 and 46); four eyes, for no one person opens data to others.
"""

from collections.abc import Mapping
from datetime import date

from services.access.errors import (
    AccessionRefused,
    EffectInThePast,
    SecondPersonNeeded,
    TransitionForbidden,
)
from services.access.model import Accession, Deliberation, Kind, Standing, Step

ALLOWED: Mapping[Step, frozenset[Standing]] = {
    Step.ENACT: frozenset({Standing.PROPOSED, Standing.SUSPENDED}),
    Step.SUSPEND: frozenset({Standing.IN_FORCE}),
    Step.WITHDRAW: frozenset({Standing.PROPOSED, Standing.IN_FORCE, Standing.SUSPENDED}),
}
LEADS_TO: Mapping[Step, Standing] = {
    Step.ENACT: Standing.IN_FORCE,
    Step.SUSPEND: Standing.SUSPENDED,
    Step.WITHDRAW: Standing.WITHDRAWN,
}


def moved(text: Deliberation, step: Step, operator: str, today: date) -> Standing:
    """Where the step leads; fails with what forbids it."""
    standing = text.standing_on(today)
    if standing not in ALLOWED[step]:
        raise TransitionForbidden(facts={"state": standing.value, "step": step.value})
    if step is Step.ENACT:
        # To stop is urgent and one person may; to open, or to open again, takes two.
        if operator == text.moved_by:
            raise SecondPersonNeeded
        if not text.enacted and text.validity.begin < today:
            raise EffectInThePast(facts={"valid_from": text.validity.begin.isoformat()})
    return LEADS_TO[step]


def acceded(text: Deliberation, accession: Accession, today: date) -> Accession | None:
    """The accession that is given an end, nothing if it is a new one; fails if it may not be."""
    if text.kind is not Kind.GENERAL or text.standing_on(today) is not Standing.IN_FORCE:
        raise AccessionRefused
    if not text.open_to_accession and accession.recipient not in text.recipients:
        raise AccessionRefused
    for there in text.accessions:
        same = there.recipient == accession.recipient
        if same and there.period.begin == accession.period.begin:
            _refuse_past_end(accession, today)
            if there.regulation != accession.regulation:
                raise AccessionRefused
            return there
    if accession.period.begin < today:
        raise EffectInThePast(facts={"valid_from": accession.period.begin.isoformat()})
    return None


def _refuse_past_end(accession: Accession, today: date) -> None:
    end = accession.period.end
    if end is not None and end < today:
        raise EffectInThePast(facts={"valid_until": end.isoformat()})

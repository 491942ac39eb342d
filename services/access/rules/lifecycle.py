"""The life of a deliberation: which step is allowed when, by whom, with effect from which day.

Sources: a deliberation is decided by a third body and public before it counts (Crossroads Bank Act
of 15 January 1990, articles 15 and 46); four eyes, for no one person opens data to others.
"""

from collections.abc import Mapping
from datetime import date

from services.access.errors import EffectInThePast, SecondPersonNeeded, TransitionForbidden
from services.access.model import Deliberation, Standing, Step

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


def next_standing(text: Deliberation, step: Step, operator: str, today: date) -> Standing:
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

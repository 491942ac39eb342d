"""Which step is allowed when, by whom, from which day on."""

from dataclasses import replace
from itertools import product

import pytest

from services.access.errors import EffectInThePast, SecondPersonNeeded, TransitionForbidden
from services.access.model import Standing, Step
from services.access.rules.lifecycle import next_standing
from tests.support.deliberations import TODAY, deliberation

ALLOWED = {
    (Standing.PROPOSED, Step.ENACT): Standing.IN_FORCE,
    (Standing.PROPOSED, Step.WITHDRAW): Standing.WITHDRAWN,
    (Standing.IN_FORCE, Step.SUSPEND): Standing.SUSPENDED,
    (Standing.IN_FORCE, Step.WITHDRAW): Standing.WITHDRAWN,
    (Standing.SUSPENDED, Step.ENACT): Standing.IN_FORCE,
    (Standing.SUSPENDED, Step.WITHDRAW): Standing.WITHDRAWN,
}


def act(standing, moved_by="one", **changed):
    text = deliberation(status=standing.value, **{"valid_from": "2026-03-31", **changed})
    return replace(text, moved_by=moved_by)


@pytest.mark.parametrize(("standing", "step"), list(product(Standing, Step)))
def test_every_step_from_everywhere_is_allowed_or_not(standing, step):
    expected = ALLOWED.get((standing, step))
    if expected is None:
        with pytest.raises(TransitionForbidden):
            next_standing(act(standing), step, "two", TODAY)
    else:
        assert next_standing(act(standing), step, "two", TODAY) is expected


@pytest.mark.parametrize("standing", [Standing.PROPOSED, Standing.SUSPENDED])
def test_who_proposed_or_suspended_it_does_not_enact_it(standing):
    with pytest.raises(SecondPersonNeeded):
        next_standing(act(standing), Step.ENACT, "one", TODAY)


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (Standing.IN_FORCE, Step.SUSPEND),
        (Standing.PROPOSED, Step.WITHDRAW),
        (Standing.IN_FORCE, Step.WITHDRAW),
    ],
)
def test_to_stop_takes_one_person(standing, step):
    assert next_standing(act(standing), step, "one", TODAY) is ALLOWED[standing, step]


@pytest.mark.parametrize(
    ("begin", "refused"), [("2026-03-30", True), ("2026-03-31", False), ("2027-01-01", False)]
)
def test_nothing_is_enacted_for_days_past(begin, refused):
    proposal = act(Standing.PROPOSED, valid_from=begin)
    if refused:
        with pytest.raises(EffectInThePast):
            next_standing(proposal, Step.ENACT, "two", TODAY)
    else:
        assert next_standing(proposal, Step.ENACT, "two", TODAY) is Standing.IN_FORCE


def test_what_was_suspended_goes_on_although_it_began_long_ago():
    suspended = act(Standing.SUSPENDED, valid_from="2025-02-01")

    assert next_standing(suspended, Step.ENACT, "two", TODAY) is Standing.IN_FORCE


@pytest.mark.parametrize("step", Step)
def test_what_has_expired_has_ended(step):
    over = act(Standing.IN_FORCE, valid_from="2025-02-01", valid_until="2026-03-30")

    assert over.standing_on(TODAY) is Standing.EXPIRED
    with pytest.raises(TransitionForbidden):
        next_standing(over, step, "two", TODAY)

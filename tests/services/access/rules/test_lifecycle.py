"""Which step is allowed when, by whom, from which day on; and what the others get."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from services.access.errors import (
    AccessionRefused,
    EffectInThePast,
    SecondPersonNeeded,
    TransitionForbidden,
)
from services.access.model import Accession, Standing, Step
from services.access.rules.lifecycle import acceded, moved
from services.access.store import document
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from tests.support.deliberations import TODAY, WELFARE, deliberation, general

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
            moved(act(standing), step, "two", TODAY)
    else:
        assert moved(act(standing), step, "two", TODAY) is expected


@pytest.mark.parametrize("standing", [Standing.PROPOSED, Standing.SUSPENDED])
def test_who_proposed_or_suspended_it_does_not_enact_it(standing):
    with pytest.raises(SecondPersonNeeded):
        moved(act(standing), Step.ENACT, "one", TODAY)


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (Standing.IN_FORCE, Step.SUSPEND),
        (Standing.PROPOSED, Step.WITHDRAW),
        (Standing.IN_FORCE, Step.WITHDRAW),
    ],
)
def test_to_stop_takes_one_person(standing, step):
    assert moved(act(standing), step, "one", TODAY) is ALLOWED[standing, step]


@pytest.mark.parametrize(
    ("begin", "refused"), [("2026-03-30", True), ("2026-03-31", False), ("2027-01-01", False)]
)
def test_nothing_is_enacted_for_days_past(begin, refused):
    proposal = act(Standing.PROPOSED, valid_from=begin)
    if refused:
        with pytest.raises(EffectInThePast):
            moved(proposal, Step.ENACT, "two", TODAY)
    else:
        assert moved(proposal, Step.ENACT, "two", TODAY) is Standing.IN_FORCE


def test_what_was_suspended_goes_on_although_it_began_long_ago():
    suspended = act(Standing.SUSPENDED, valid_from="2025-02-01")

    assert moved(suspended, Step.ENACT, "two", TODAY) is Standing.IN_FORCE


@pytest.mark.parametrize("step", Step)
def test_what_has_expired_has_ended(step):
    over = act(Standing.IN_FORCE, valid_from="2025-02-01", valid_until="2026-03-30")

    assert over.standing_on(TODAY) is Standing.EXPIRED
    with pytest.raises(TransitionForbidden):
        moved(over, step, "two", TODAY)


def acceding(begin, end=None, recipient=WELFARE, regulation="by-law"):
    return Accession(recipient, Period(begin, end), regulation)


OPEN = document.read(general(("17.1", "2025-02-01", None)))


def test_a_new_accession_begins_today_at_the_earliest():
    assert acceded(OPEN, acceding(TODAY), TODAY) is None
    with pytest.raises(EffectInThePast):
        acceded(OPEN, acceding(date(2026, 3, 30)), TODAY)


def test_an_accession_is_given_an_end_but_not_in_the_past():
    there = OPEN.accessions[0]

    assert acceded(OPEN, acceding(date(2025, 2, 1), TODAY), TODAY) == there
    with pytest.raises(EffectInThePast):
        acceded(OPEN, acceding(date(2025, 2, 1), date(2026, 3, 30)), TODAY)


@pytest.mark.parametrize(
    ("text", "accession"),
    [
        (deliberation(), acceding(TODAY)),
        (replace(OPEN, standing=Standing.SUSPENDED), acceding(TODAY)),
        (OPEN, acceding(TODAY, recipient=SectorInstitution(18, 1))),
        (OPEN, acceding(date(2025, 2, 1), TODAY, regulation="another")),
    ],
)
def test_refuses_an_accession_that_the_act_does_not_take(text, accession):
    with pytest.raises(AccessionRefused):
        acceded(text, accession, TODAY)

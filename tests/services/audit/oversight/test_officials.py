"""What officials ask about themselves, about colleagues, and about who is no client of theirs."""

from dataclasses import replace
from datetime import date

import pytest

from services.audit.oversight.model import DECEASED, NOT_A_CLIENT
from services.audit.oversight.rules import alerts
from services.audit.oversight.rules.ages import DeceasedOrMinor
from services.audit.oversight.rules.returning import Returns
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.rules.staff import AboutColleagues, AboutOneself
from services.audit.oversight.steps import age
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.routing.model import Refusal
from services.routing.model.findings import Located
from services.routing.rules.planning import plan
from tests.services.audit.oversight.steps import (
    THEM,
    days,
    look,
    register,
    search,
    unregister,
)
from tests.services.routing import examples as ex

RULES = rulebook()
ANN, BOB, CARL = 901, 902, 903
"""Officials, and the persons that they are."""


def works(by, day=0, many=3, **what):
    """An ordinary day of an official."""
    return [look(day, 9, about=100 * (by or 1) + n, by=by, **what) for n in range(many)]


def own(day, **what):
    return look(day, 10, about=ANN, by=ANN, **what)


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param([*works(ANN), own(1)], [1], id="her own number"),
        pytest.param([*works(ANN), own(1), own(1)], [2], id="twice on a day"),
        pytest.param([*works(ANN), own(1), own(2)], [1, 1], id="on two days"),
        pytest.param([own(0), *works(ANN)], [1], id="before work"),
        pytest.param([*works(ANN), own(1, is_permitted=False)], [1], id="refused, and yet tried"),
        pytest.param([*works(ANN), register(1, about=ANN, by=ANN)], [1], id="registers herself"),
        pytest.param([*works(ANN, many=2), own(1)], [], id="a citizen at a portal"),
        pytest.param([*works(ANN), own(29)], [], id="who worked there long ago"),
        pytest.param([*works(ANN), own(28)], [1], id="not so long ago"),
        pytest.param([*works(ANN, who=THEM), own(1)], [], id="who works elsewhere"),
        pytest.param([*works(ANN), search(1, about=ANN, by=ANN)], [], id="a namesake"),
        pytest.param([*works(ANN), own(1, is_line=True)], [], id="in a batch"),
        pytest.param([*works(BOB), look(1, about=ANN, by=BOB)], [], id="somebody else's"),
        pytest.param([*works(None), look(1, about=ANN, by=None)], [], id="officials not told"),
    ],
)
def test_whoever_asks_about_others_does_not_ask_about_himself(steps, counts):
    found = alerts(days(steps), [AboutOneself(RULES.own_number)])

    assert [one.count for one in found] == counts


def about(colleagues, day=1, by=ANN, **what):
    return [look(day, 11, about=one, by=by, **what) for one in colleagues]


STAFF = [step for one in (ANN, BOB, CARL) for step in works(one)]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param([*STAFF, *about((BOB, CARL))], [2], id="two colleagues"),
        pytest.param([*STAFF, *about((BOB, BOB, BOB))], [], id="one, thrice: a client"),
        pytest.param([*STAFF, *about((BOB,)), *about((CARL,), day=15)], [2], id="a fortnight"),
        pytest.param([*STAFF, *about((BOB,)), *about((CARL,), day=16)], [], id="longer"),
        pytest.param([*STAFF, *about((BOB,)), *about((CARL,), by=BOB)], [], id="two, one each"),
        pytest.param([*STAFF, *about((BOB, ANN))], [], id="oneself is no colleague"),
        pytest.param([*STAFF, *about((BOB, CARL), is_line=True)], [], id="in a batch"),
        pytest.param([*works(ANN), *about((BOB, CARL))], [], id="strangers"),
        pytest.param(
            [*works(ANN), *works(BOB, who=THEM), *works(CARL, who=THEM), *about((BOB, CARL))],
            [],
            id="who work elsewhere",
        ),
        pytest.param(
            [
                *works(ANN),
                *[look(0, about=one, by=one) for one in (BOB, CARL)],
                *about((BOB, CARL)),
            ],
            [],
            id="clients who use the portal",
        ),
        pytest.param(
            [*STAFF, *about((BOB, CARL)), *about((BOB,), day=2)], [2], id="told once of a while"
        ),
        pytest.param(
            [*STAFF, *about((BOB, CARL)), *about((BOB, CARL), day=2)], [2, 2], id="who goes on"
        ),
        pytest.param([*STAFF, *about((BOB, CARL), is_program=True)], [], id="by a program"),
    ],
)
def test_colleagues_are_not_asked_about_one_after_another(steps, counts):
    found = alerts(days(steps), [AboutColleagues(RULES.colleagues)])

    assert [one.count for one in found] == counts


def tried(*on, **what):
    refused = {"is_permitted": False, "reason": NOT_A_CLIENT, "by": ANN} | what
    return [look(day, 10, **refused) for day in on]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param(tried(0, 0, 3, 9), [4], id="four times on three days"),
        pytest.param(tried(0, 3, 9), [], id="three times"),
        pytest.param(tried(0, 0, 0, 3), [], id="on two days"),
        pytest.param(tried(0, 1, 2, 33), [], id="the first is long ago"),
        pytest.param(tried(0, 1, 2, 30), [4], id="not so long"),
        pytest.param([*tried(0, 1, 2, 3), *tried(4, 5, 6, 7)], [4, 4], id="who goes on"),
        pytest.param([*tried(0, 1), *tried(2, 3, by=BOB)], [], id="two officials"),
        pytest.param(tried(0, 1, 2, 3, by=None), [4], id="officials not told"),
        pytest.param(tried(0, 1, 2, 3, is_program=True), [], id="a program that repeats"),
        pytest.param(tried(0, 1, 2, 3, reason="NOT_IN_FORCE"), [], id="refused for another reason"),
        pytest.param([*tried(0, 1, 2), register(3, 9, by=BOB), *tried(3)], [], id="registered"),
        pytest.param([*tried(0, 1, 2), look(3, 9, by=BOB), *tried(4)], [], id="a client after all"),
        pytest.param([*tried(0, 1, 2), look(3, 9, who=THEM), *tried(3)], [4], id="not of others"),
        pytest.param(
            [search(n, by=ANN) for n in range(4)], [4], id="searches that find this one alone"
        ),
        pytest.param(tried(0, 1, 2, 3, about=None), [], id="about nobody"),
        pytest.param([unregister(n, by=ANN) for n in range(4)], [], id="unregistering is no look"),
    ],
)
def test_whoever_is_no_client_is_not_asked_about_again_and_again(steps, counts):
    found = alerts(days(steps), [Returns(RULES.returning)])

    assert [one.count for one in found] == counts


def test_a_search_that_finds_namesakes_is_about_none_of_them():
    found = [search(day, by=ANN) for day in range(4)]
    steps = [replace(one, subject=person) for one in found for person in (1, 2)]

    assert list(alerts(days(steps), [Returns(RULES.returning)])) == []


def dead(*persons, day=1, by=ANN):
    return [look(day, 10, about=one, by=by, is_permitted=False, reason=DECEASED) for one in persons]


def child(*persons, day=1, years=17, reason=NOT_A_CLIENT):
    return [
        look(day, 10, about=one, by=ANN, is_permitted=False, reason=reason, age=years)
        for one in persons
    ]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param(dead(1, 2, 3, 4, 5), [5], id="five who died"),
        pytest.param(child(1, 2, 3, 4, 5), [5], id="five children"),
        pytest.param([*dead(1, 2), *child(3, 4, 5)], [5], id="of both"),
        pytest.param(dead(1, 2, 3, 4), [], id="four"),
        pytest.param(dead(1, 1, 1, 1, 1), [], id="one, five times"),
        pytest.param([*dead(1, 2), *dead(3, 4, 5, day=7)], [5], id="in a week"),
        pytest.param([*dead(1, 2), *dead(3, 4, 5, day=8)], [], id="in more than a week"),
        pytest.param([*dead(1, 2, 3), *dead(4, 5, by=BOB)], [], id="two officials"),
        pytest.param(child(1, 2, 3, 4, 5, years=18), [], id="of age"),
        pytest.param(child(1, 2, 3, 4, 5, years=None), [], id="of no known age"),
        pytest.param(child(1, 2, 3, 4, 5, reason=""), [], id="children with a file"),
        pytest.param([*works(ANN, 1, many=28), *dead(1, 2, 3, 4, 5)], [5], id="a sixth of work"),
        pytest.param([*works(ANN, 1, many=29), *dead(1, 2, 3, 4, 5)], [], id="less than that"),
        pytest.param(
            [*dead(1, 2, 3, 4, 5), *dead(6, 7, day=2), *dead(8, 9, 10, day=3)], [5, 5], id="goes on"
        ),
    ],
)
def test_the_dead_and_children_without_a_file_are_not_asked_about_in_numbers(steps, counts):
    found = alerts(days(steps), [DeceasedOrMinor(RULES.ages)])

    assert [one.count for one in found] == counts


@pytest.mark.parametrize(
    ("person", "qualities", "reason"),
    [
        (ResolvedSsin(SsinState.ACTIVE), frozenset(), NOT_A_CLIENT),
        (
            ResolvedSsin(SsinState.ACTIVE, deceased_on=IncompleteDate(2025)),
            ex.known.located.customer_quality_codes,
            DECEASED,
        ),
    ],
)
def test_the_reasons_are_those_that_routing_writes(person, qualities, reason):
    located = Located(qualities, ex.known.located.sources)
    refusal = plan(ex.question, ex.catalogue, ex.granted, type(ex.known)(person, located))

    assert isinstance(refusal, Refusal)
    assert refusal.because == reason
    assert refusal.status != status("MSG00000")


@pytest.mark.parametrize(
    ("birth", "years"),
    [
        (IncompleteDate(2008, 3, 2), 18),
        (IncompleteDate(2008, 3, 3), 17),
        (IncompleteDate(2008, 3), 18),
        (IncompleteDate(2008), 18),
        (IncompleteDate(2008, 4), 17),
    ],
)
def test_nobody_is_taken_for_younger_than_he_may_be(birth, years):
    assert age(birth, date(2026, 3, 2)) == years

"""Searching for nothing: told when a day was almost nothing else."""

import pytest

from services.audit.oversight.rules import alerts
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.rules.searching import SearchWithoutFollowUp
from tests.services.audit.oversight.steps import MONDAY, THEM, US, days, look, register, search


def searches(count, **what):
    return [search(0, 10, about=100 + n, by=7, minute=n, **what) for n in range(count)]


def followed(count, make=look, day=0, hour=12, **what):
    return [make(day, hour, about=100 + n, **what) for n in range(count)]


def found(steps, until=10):
    return list(alerts(days(steps, until), [SearchWithoutFollowUp(rulebook().searching)]))


@pytest.mark.parametrize(
    ("steps", "idle"),
    [
        pytest.param(searches(15), [15], id="fifteen for nothing"),
        pytest.param(searches(14), [], id="fourteen are not enough"),
        pytest.param(searches(15) + followed(3), [12], id="a few were followed up"),
        pytest.param(searches(15) + followed(4), [], id="more were"),
        pytest.param(searches(15) + followed(15, by=8), [], id="by a colleague"),
        pytest.param(searches(15) + followed(15, register), [], id="by registering"),
        pytest.param(searches(15) + followed(15, day=3, hour=23), [], id="on the last day"),
        pytest.param(searches(15) + followed(15, day=4), [15], id="too late"),
        pytest.param(searches(15) + followed(15, hour=9), [15], id="before the search"),
        pytest.param(searches(15) + followed(15, who=THEM), [15], id="by somebody else"),
        pytest.param(searches(15) + followed(15, search, by=7), [30], id="searching again is none"),
        pytest.param(searches(15, is_permitted=False), [], id="refused or nobody found"),
    ],
)
def test_searches_are_judged_by_what_came_of_them(steps, idle):
    assert [one.count for one in found(steps)] == idle


def test_a_day_is_judged_once_its_time_to_follow_up_is_over():
    assert found(searches(15), until=4) == []
    [alert] = found(searches(15), until=5)
    assert (alert.organization, alert.last_day) == (US, MONDAY)


def test_a_search_that_finds_several_is_one_and_followed_up_by_any():
    once = searches(15)
    twice = [search(0, 10, about=900 + n, by=7) for n in range(15)]
    namesakes = [
        type(b)(b.at, b.kind, a.ticket, b.organization, b.subject, b.official)
        for a, b in zip(once, twice, strict=True)
    ]

    assert [one.count for one in found(once + namesakes)] == [15]
    assert found(once + namesakes + [look(0, 12, about=900 + n) for n in range(15)]) == []

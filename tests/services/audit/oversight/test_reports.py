"""The monthly report: counts of one month, each exchange once, and no person."""

from datetime import date, timedelta
from uuid import UUID

from services.audit.oversight.days import Days
from services.audit.oversight.model import Kind
from services.audit.oversight.reports import Reports
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.telling import reports_json, reports_text
from tests.services.audit.oversight.steps import (
    MONDAY,
    THEM,
    US,
    days,
    look,
    register,
    search,
    step,
)

MARCH = (date(2026, 3, 1), date(2026, 4, 1))


def reported(steps, until=40):
    counting = Reports(rulebook(), *MARCH)
    for day in days(steps, until, first=-5):
        counting.see(day)
    return {one.organization: one for one in counting.all()}


def test_exchanges_are_counted_by_purpose_and_refusals_by_reason():
    steps = [look(n, legal_context="A") for n in range(3)]
    steps += [look(1, legal_context="B", is_permitted=False, reason="NOT_INTEGRATED")]
    steps += [look(1, legal_context="A", who=THEM)]

    found = reported(steps)

    assert found[US].by_legal_context == {"A": 3, "B": 1}
    assert found[US].refusals_by_reason == {"NOT_INTEGRATED": 1}
    assert (found[US].exchanges, found[THEM].exchanges) == (4, 1)


def test_other_months_are_not_counted():
    assert reported([look(-2), look(30)]) == {}


def test_an_exchange_with_several_records_is_counted_once():
    first = search(0, about=1)
    second = type(first)(first.at, first.kind, first.ticket, US, 2)

    assert reported([first, second])[US].exchanges == 1


def test_searches_are_followed_into_the_next_month():
    steps = [search(29, about=1), search(29, about=2), look(30, about=1)]

    found = reported(steps)[US]

    assert (found.searches, found.searches_without_follow_up) == (2, 1)


def test_persons_asked_often_are_counted_and_no_more():
    steps = [look(n % 5, about=123456, minute=n) for n in range(10)]
    steps += [look(0, about=654321), register(0, about=999999)]

    found = reported(steps)

    assert found[US].persons == 2
    assert found[US].persons_asked_at_least == {10: 1, 25: 0, 50: 0}
    told = reports_json("2026-03", [found[US]], {}) + reports_text("2026-03", [found[US]], {})
    assert not any(number in told for number in ("123456", "654321", "999999"))


def test_hours_and_batches_are_counted():
    head = step(Kind.LOOK, 0, 23, about=None, persons=3)
    lines = [type(head)(head.at, Kind.LOOK, head.ticket, US, n, is_line=True) for n in range(3)]

    found = reported([look(0, 23), look(5, 12), look(0, 12), head, *lines])[US]

    assert (found.exchanges, found.off_hours, found.persons) == (4, 2, 1)
    assert (found.batches, found.persons_in_batches) == (1, 3)


def test_days_come_in_order_with_what_was_recorded_late():
    gather = Days(MONDAY, MONDAY + timedelta(5))
    late, early = look(0, 23), look(0, 8)

    found = [*gather.add([look(1, 9), late, early, look(2, 9), look(3, 1), look(0, 22)])]
    found += gather.rest()

    assert [(one.date - MONDAY).days for one in found] == [0, 1, 2, 3, 4]
    assert found[0].steps == [early, late]
    assert [len(one.steps) for one in found] == [2, 1, 2, 1, 0]


def test_days_outside_the_period_are_left_out():
    gather = Days(MONDAY, MONDAY + timedelta(1))

    found = [*gather.add([look(-1), look(0), look(1), look(0)]), *gather.rest()]

    assert [len(one.steps) for one in found] == [2]
    assert isinstance(found[0].steps[0].ticket, UUID)

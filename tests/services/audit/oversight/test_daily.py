"""What is judged by the day: persons asked about by many, hours, and volumes."""

from datetime import date, datetime

import pytest

from services.audit.oversight.rules import alerts
from services.audit.oversight.rules.asking import AskedByMany
from services.audit.oversight.rules.hours import OffHours, easter, is_off_hours
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.rules.volume import AboveEstimate
from tests.services.audit.oversight.steps import BELGIUM, US, days, look, search

RULES = rulebook()
HOURS = RULES.hours.on(date(2026, 1, 1)).thresholds


def by_many(count, make=look, **what):
    return [make(0, 10, who=f"{899990000 + n:010d}", **what) for n in range(count)]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(by_many(7), 7, id="seven institutions"),
        pytest.param(by_many(6), 0, id="six: somebody moves house"),
        pytest.param(by_many(7, is_permitted=False), 7, id="refused, and yet curious"),
        pytest.param(by_many(7, is_line=True), 0, id="batches are about everybody"),
        pytest.param(by_many(7, search), 0, id="searches find namesakes"),
        pytest.param([look(0, 10) for _ in range(20)], 0, id="one asks twenty times"),
        pytest.param([*by_many(6), look(1, 10)], 0, id="the seventh a day later"),
        pytest.param([*by_many(6), look(0, 10, who="")], 0, id="whoever it was"),
        pytest.param(by_many(7, about=None), 0, id="about nobody"),
    ],
)
def test_a_person_asked_by_many_is_told_to_each(steps, told):
    found = list(alerts(days(steps, 3), [AskedByMany(RULES.asking)]))

    assert len(found) == told
    assert len({one.organization for one in found}) == told


def test_each_institution_is_told_its_own_exchanges_only():
    steps = by_many(7)

    for alert in alerts(days(steps, 1), [AskedByMany(RULES.asking)]):
        [own] = [one for one in steps if one.organization == alert.organization]
        assert (alert.tickets, alert.count) == ((own.ticket,), 7)


@pytest.mark.parametrize(
    ("at", "is_off"),
    [
        ("2026-03-02T07:00", False),
        ("2026-03-02T06:59", True),
        ("2026-03-02T18:59", False),
        ("2026-03-02T19:00", True),
        ("2026-03-07T12:00", True),
        ("2026-07-21T12:00", True),
        ("2026-04-06T12:00", True),
        ("2026-05-14T12:00", True),
        ("2026-05-25T12:00", True),
        ("2026-05-26T12:00", False),
    ],
)
def test_offices_are_closed_at_night_on_weekends_and_on_holidays(at, is_off):
    assert is_off_hours(datetime.fromisoformat(at).replace(tzinfo=BELGIUM), HOURS) is is_off


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_is_when_the_calendar_says(year, day):
    assert easter(year) == day


def at_night(count, day=20, hour=22, by=7, **what):
    return [look(day, hour, by=by, about=n, minute=n, **what) for n in range(count)]


def by_day(a_day, until=20, hour=10):
    return [look(n, hour, about=n) for n in range(until) if n % 7 < 5 for _ in range(a_day)]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param(by_day(20) + at_night(8), [8], id="a late evening"),
        pytest.param(by_day(20) + at_night(7), [], id="a little overtime"),
        pytest.param(by_day(20) + at_night(4) + at_night(4, by=8), [], id="two a little each"),
        pytest.param(by_day(20) + at_night(8, is_line=True), [], id="a batch at night"),
        pytest.param(by_day(20) + by_day(5, hour=22) + at_night(8), [], id="who never closes"),
        pytest.param(by_day(20) + at_night(8, day=19, hour=12), [8], id="on a Saturday"),
        pytest.param(at_night(8), [8], id="who never asked before"),
    ],
)
def test_hours_are_judged_by_the_habit_of_the_institution(steps, counts):
    found = alerts(days(steps, 22), [OffHours(RULES.hours)])

    assert [one.count for one in found] == counts


def test_a_habit_of_long_ago_is_none():
    steps = by_day(1, until=10, hour=22) + at_night(8, day=39)

    assert [one.count for one in alerts(days(steps), [OffHours(RULES.hours)])] == [8]


def in_hours(*counts, **what):
    return [
        look(0, 9 + hour, about=n, legal_context="A", **what)
        for hour, count in enumerate(counts)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param(in_hours(16, 16), [32], id="two hours above"),
        pytest.param(in_hours(16, 15), [], id="one hour above is a Monday"),
        pytest.param(in_hours(16, 0, 16), [32], id="not in a row"),
        pytest.param(
            in_hours(16, 16, is_line=True), [], id="batches have an estimate of their own"
        ),
        pytest.param(in_hours(16, 16, who="0899990447"), [], id="without an estimate"),
    ],
)
def test_a_volume_is_judged_by_what_was_announced(steps, counts):
    found = alerts(days(steps, 1), [AboveEstimate(RULES.volume, {(US, "A"): 10})])

    assert [one.count for one in found] == counts


def test_an_estimate_is_of_one_purpose():
    found = alerts(days(in_hours(16, 16), 1), [AboveEstimate(RULES.volume, {(US, "B"): 10})])

    assert list(found) == []

"""The calendar on columns says what the calendar says, one day at a time."""

from datetime import date, timedelta

import numpy as np
import pytest

from services.rights.model.columns import FAR
from services.rights.rules import calendar
from tests.services.rights.turns import month_first, quarter_first, years_from

FIRST = date(1895, 1, 1)
DAYS = [FIRST + timedelta(at) for at in range(0, 80000, 17)] + [
    date(year, month, day)
    for year in (1899, 1900, 1904, 1969, 1970, 1971, 1996, 2000, 2023, 2024, 2100)
    for month, day in ((1, 1), (1, 31), (2, 28), (3, 1), (3, 31), (4, 1), (12, 31))
]
DAYS += [date(year, 2, 29) for year in (1904, 1996, 2000, 2024, 2096)]
COLUMN = np.array([calendar.number(day) for day in DAYS], np.int64)


def days_of(column):
    return [calendar.day_of(one) for one in column.tolist()]


def test_a_number_is_a_day_and_a_day_a_number():
    assert days_of(COLUMN) == DAYS
    assert calendar.number(date(1970, 1, 2)) == 1
    assert calendar.day_of(FAR) == date.max


@pytest.mark.parametrize("later", [-2, -1, 0, 1, 3])
def test_months_quarters_and_years_begin_and_end_where_they_do(later):
    months = calendar.month(COLUMN) + later
    years = calendar.year_begin(COLUMN, later)
    one = timedelta(days=1)

    assert days_of(calendar.month_begin(months)) == [month_first(day, later) for day in DAYS]
    assert days_of(calendar.quarter_begin(COLUMN, later)) == [quarter_first(d, later) for d in DAYS]
    ends = [quarter_first(day, later + 1) - one for day in DAYS]
    assert days_of(calendar.quarter_end(COLUMN, later)) == ends
    assert days_of(years) == [date(day.year + later, 1, 1) for day in DAYS]
    assert days_of(calendar.year_end(COLUMN, later)) == [
        date(day.year + later, 12, 31) for day in DAYS
    ]


@pytest.mark.parametrize("years", [1, 4, 5, 25, 100])
def test_an_anniversary_is_the_same_day_or_1_march(years):
    later = calendar.anniversary(COLUMN, np.full(len(DAYS), years))

    assert days_of(later) == [years_from(day, years) for day in DAYS]


@pytest.mark.parametrize("age", [0, 1, 4, 21, 24, 25, 26, 100, 124])
def test_the_last_birth_of_an_age_is_the_last_that_reached_it(age):
    for day in (one for one in DAYS if one.year - age > 1800):
        last = calendar.day_of(calendar.last_birth(day, age))

        assert years_from(last, age) <= day
        assert years_from(last + timedelta(days=1), age) > day


def test_what_has_no_end_has_none_afterwards():
    end = np.array([FAR, FAR - 1, 19000], np.int64)

    assert calendar.open_ended(end, end - 5).tolist() == [FAR, FAR - 6, 18995]
    assert calendar.open_ended(end, end + 5).tolist() == [FAR, FAR, 19005]

"""The calendar on columns of days since 1970. Months are numbers, never thirty days: adding one
and taking one away is one function."""

from datetime import date, timedelta

import numpy as np

from services.rights.model.columns import FAR, Whole

_EPOCH = date(1970, 1, 1)
QUARTER = 3
YEAR = 12


def number(day: date) -> int:
    """The days since 1970 of a day."""
    return (day - _EPOCH).days


def day_of(days: int) -> date:
    """The day of a number of days since 1970."""
    return _EPOCH + timedelta(days)


def month(days: Whole) -> Whole:
    """The months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_begin(months: Whole) -> Whole:
    """The first day of months since January 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def month_of_year(days: Whole) -> Whole:
    """The month in which the year of a day begins."""
    return month(days) // YEAR * YEAR


def year_begin(days: Whole, later: int = 0) -> Whole:
    """1 January of the year of a day, or so many years later."""
    return month_begin(month_of_year(days) + later * YEAR)


def year_end(days: Whole, later: int = 0) -> Whole:
    """31 December of the year of a day, or so many years later."""
    return year_begin(days, later + 1) - 1


def quarter_begin(days: Whole, later: int = 0) -> Whole:
    """The first day of the quarter of a day, or so many quarters later."""
    return month_begin((month(days) // QUARTER + later) * QUARTER)


def quarter_end(days: Whole, later: int = 0) -> Whole:
    """The last day of the quarter of a day, or so many quarters later."""
    return quarter_begin(days, later + 1) - 1


def anniversary(days: Whole, years: Whole) -> Whole:
    """The same day so many years later; 1 March for 29 February where there is none."""
    months = month(days)
    later = month_begin(months + years * YEAR) + (days - month_begin(months))
    return np.minimum(later, month_begin(months + years * YEAR + 1))


def last_birth(day: date, age: int) -> int:
    """The last day on which somebody was born who has that age on a day.

    Who was born on 29 February becomes a year older on 1 March where there is none (ours; said in
    data/facts.yaml).
    """
    year = day.year - age
    if (day.month, day.day) == (2, 29):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return number(date(year, 2, 29 if leap else 28))
    return number(date(year, day.month, day.day))


def open_ended(end: Whole, served: Whole) -> Whole:
    """Ends of what serves: what has no end, has none afterwards either."""
    return np.where(end >= FAR, FAR, np.minimum(served, FAR))

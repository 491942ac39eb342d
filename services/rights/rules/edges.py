"""The days on which a right of persons in columns may change; on no other day does it."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from services.rights.model.columns import FAR, UNKNOWN, Columns, Whole
from services.rights.model.law import Condition, Law, Right
from services.rights.rules import calendar
from services.rights.rules.plan import holds
from services.rights.rules.spans import memberships_of, spans_of

YEARS = 8
"""How far back and ahead the turns of years are looked at."""


def days_of(law: Law, right: Right, columns: Columns, day: date) -> Whole:
    """The first days of all that may be otherwise than the day before, in order."""
    found = [np.array([calendar.number(one) for one in _of_law(law, right, day)], np.int64)]
    for version in right.versions:
        for told in _all_of(version.condition):
            found += _of_condition(law, told, columns)
    days = np.unique(np.concatenate(found))
    low, high = calendar.number(date(1900, 1, 2)), FAR
    return days[(days > low) & (days < high)]


def _of_law(law: Law, right: Right, day: date) -> Iterator[date]:
    begin = min(version.begins for version in right.versions)
    for version in right.versions:
        yield version.begins
        if version.ends is not None:
            yield version.ends + timedelta(days=1)
        for told in _all_of(version.condition):
            for name in (told.below, told.at_least, told.further):
                if name:
                    yield from (one.begins for one in law.series[name].amounts)
            if told.kind in ("income_of", "age"):
                first = max(begin.year, day.year - YEARS)
                yield from (date(year, 1, 1) for year in range(first, day.year + YEARS))
                yield from (date(year, 6, 1) for year in range(first, day.year + YEARS))


def _all_of(told: Condition) -> Iterator[Condition]:
    yield told
    for part in told.parts:
        yield from _all_of(part)


def _of_condition(law: Law, told: Condition, columns: Columns) -> Iterator[Whole]:
    if told.kind == "has":
        for spans in spans_of(columns, holds(law, told.statuses, told.when)):
            yield from _ends(spans.begin, spans.end)
    if told.scope:
        _, begin, end, _, _ = memberships_of(columns, law.scopes[told.scope].code, told.at)
        yield from _ends(begin, end)
        if told.kept is not None:
            yield from _kept(law, told, columns, end)
    if told.kind == "age":
        born = columns.born[columns.born != UNKNOWN]
        for age in (told.from_age, told.under_age):
            if age is not None:
                yield calendar.anniversary(born, np.full(len(born), age))
        if told.month_of_age is not None:
            months = calendar.month(born) + told.month_of_age * calendar.YEAR
            yield calendar.month_begin(months + 1)


def _ends(begin: Whole, end: Whole) -> Iterator[Whole]:
    yield begin
    yield end[end < FAR] + 1


def _kept(law: Law, told: Condition, columns: Columns, end: Whole) -> Iterator[Whole]:
    assert told.kept is not None
    inner = told.parts[0]
    lasts = [end]
    lasts += [spans.end for spans in spans_of(columns, holds(law, inner.statuses, inner.when))]
    for last in lasts:
        known = last[last < FAR]
        if told.kept.test == "TO_31_DEC":
            yield calendar.year_begin(known, 1)
        else:
            yield calendar.quarter_begin(known, told.kept.times + 1)

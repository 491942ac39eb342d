"""The table of temporal rules (Dutch: referteperioden en toekenningsperioden).

A test turns the period of a fact, or of a membership, into the days on which it holds; a grant
turns these into the days that it serves. Both turn a period into a period: whether something serves
on a day, and from when until when, is one question.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from services.rights.model.columns import Whole
from services.rights.model.law import Rule
from services.rights.model.words import DECISION, JUNE, MONTHS, ON_END
from services.rights.rules import calendar

Days: TypeAlias = tuple[Whole, Whole]


def _on_1_jan(begin: Whole, end: Whole, later: int) -> Days:
    first = calendar.year_begin(begin)
    first = np.where(first < begin, calendar.year_begin(begin, 1), first)
    # The years whose 1 January lies in the period.
    return calendar.year_begin(first, later), calendar.year_end(end, later)


def _full_months(begin: Whole, end: Whole, months: int) -> Days:
    first = calendar.month(begin - 1) + 1
    """The month that follows the day before: the first one that is whole."""
    last = calendar.month(end + 1)
    """The month after the last one that is whole."""
    # It opens on the day after the last of them, on which it may hold no more.
    return calendar.month_begin(first + months), calendar.month_begin(last) - 1


TESTS: Mapping[str, Callable[[Whole, Whole, int], Days]] = {
    "AT": lambda begin, end, _: (begin, end),
    "ON_1_JAN": lambda begin, end, _: _on_1_jan(begin, end, 0),
    "ON_1_JAN_OF_YEAR_BEFORE": lambda begin, end, _: _on_1_jan(begin, end, 1),
    "ANY_DAY_IN_QUARTER": lambda begin, end, _: (
        calendar.quarter_begin(begin),
        calendar.quarter_end(end),
    ),
    MONTHS: _full_months,
    ON_END: lambda begin, end, years: (_years_later(begin, years), end),
}


def _years_later(days: Whole, years: int) -> Whole:
    return calendar.anniversary(days, np.full(len(days), years))


def _decided(begin: Whole, end: Whole, decided: Whole) -> Days:
    opens = calendar.quarter_begin(np.maximum(begin, decided))
    return opens, np.where(end >= opens, calendar.year_end(end), opens - 1)


def _years(begin: Whole, end: Whole, years: int) -> Days:
    # So many times the years as it takes to come after the last day.
    passed = (calendar.month(end) - calendar.month(begin)) // (calendar.YEAR * years)
    done = calendar.anniversary(begin, passed * years) > end
    return begin, calendar.anniversary(begin, (passed + ~done) * years) - 1


GRANTS: Mapping[str, Callable[[Whole, Whole, Whole, int], Days]] = {
    "WHILE_TRUE": lambda begin, end, _, __: (begin, end),
    "CALENDAR_YEAR": lambda begin, end, _, __: (
        calendar.year_begin(begin),
        calendar.year_end(end),
    ),
    DECISION: lambda begin, end, decided, _: _decided(begin, end, decided),
    "UNTIL_31_DEC": lambda begin, end, _, __: (begin, calendar.year_end(end)),
    "UNTIL_31_DEC_OF_NEXT_YEAR": lambda begin, end, _, __: (begin, calendar.year_end(end, 1)),
    JUNE: lambda begin, end, _, __: (
        calendar.month_begin(calendar.month_of_year(begin) + 5),
        calendar.month_begin(calendar.month_of_year(end) + calendar.YEAR + 5) - 1,
    ),
    "YEARS": lambda begin, end, _, years: _years(begin, end, years),
}


def serve(rule: Rule, begin: Whole, end: Whole, decided: Whole) -> Days:
    """From when until when each period serves; it ends before it begins where it never does."""
    opens, closes = TESTS[rule.test](begin, end, rule.times)
    first, last = GRANTS[rule.grants](opens, closes, decided, rule.years)
    never = closes < opens - (rule.test == MONTHS)
    return np.where(never, last + 1, first), calendar.open_ended(end, last)

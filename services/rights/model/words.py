"""The words of temporal rules that a law file may use."""

import re

from services.rights.model.law import Rule

AT = "AT"
MONTHS = "CONSECUTIVE_FULL_MONTHS"
ON_END = "CONSECUTIVE_YEARS"
DECISION = "FROM_QUARTER_OF_DECISION_TO_31_DEC"
JUNE = "FROM_1_JUN_TO_31_MAY"
TESTS = (AT, "ON_1_JAN", "ON_1_JAN_OF_YEAR_BEFORE", "ANY_DAY_IN_QUARTER", MONTHS, ON_END)
"""On which days something counts: that of the question, one of the year, any of its quarter, or
when it has been so for long enough."""
RUNS = (MONTHS, ON_END)
"""Tests of periods that touch or overlap, taken as one."""
GRANTS = (
    "WHILE_TRUE",
    "CALENDAR_YEAR",
    DECISION,
    "UNTIL_31_DEC",
    "UNTIL_31_DEC_OF_NEXT_YEAR",
    JUNE,
    "YEARS",
)
"""For how long what counted then serves."""
KEPT = ("TO_31_DEC", "QUARTERS")
"""How long who leaves a household keeps what it gave: to the end of that year, or to the end of the
nth quarter after."""
COUNTED = (*RUNS, "YEARS", "QUARTERS")
"""These take a number, in brackets behind them."""
YEARLY = ("ON_1_JAN", "ON_1_JAN_OF_YEAR_BEFORE")
"""Tests of one day of the year: what holds then, holds for a whole year."""
_WORD = re.compile(r"([A-Z0-9_]+)(?:\(([1-9][0-9]?)\))?")


def parse_word(text: str, known: tuple[str, ...]) -> tuple[str, int]:
    """A word and its number, 0 if it takes none; fails with ValueError."""
    found = _WORD.fullmatch(text)
    if found is None or found[1] not in known:
        raise ValueError(f"is none of {', '.join(known)}")
    if (found[1] in COUNTED) != (found[2] is not None):
        raise ValueError(f"{found[1]} takes {'a' if found[1] in COUNTED else 'no'} number")
    return found[1], int(found[2] or 0)


def rule_of(test: str = AT, grants: str = "WHILE_TRUE") -> Rule:
    """The rule that words make; fails with ValueError."""
    tested, times = parse_word(test, TESTS)
    granted, years = parse_word(grants, GRANTS)
    if tested in RUNS and granted == DECISION:
        raise ValueError(f"{tested} has no day of decision")
    if granted == JUNE and tested not in YEARLY:
        raise ValueError(f"{JUNE} goes with a test on 1 January")
    return Rule(tested, times, granted, years)


def day_rule_of(test: str = AT, grants: str = "WHILE_TRUE") -> Rule:
    """The rule that words make of the day of a household or an age; fails with ValueError."""
    rule = rule_of(test, grants)
    if rule.test not in (AT, *YEARLY) or rule.grants not in ("WHILE_TRUE", JUNE):
        raise ValueError(f"must be a day: {AT} or one of {', '.join(YEARLY)}")
    return rule


def say_rule(rule: Rule) -> str:
    """The same words again."""
    test = f"{rule.test}({rule.times})" if rule.times else rule.test
    grants = f"{rule.grants}({rule.years})" if rule.years else rule.grants
    return test if rule.grants == "WHILE_TRUE" else f"{test}, {grants}"

"""The law and a day, made into a plan."""

from collections.abc import Iterable
from datetime import date

from services.rights.model.law import Condition, Law, Right, RightVersion, Rule
from services.rights.model.nodes import (
    All,
    Alone,
    Any,
    Born,
    Branch,
    Holds,
    Income,
    Kept,
    Members,
    Node,
    Not,
    Plan,
)
from services.rights.model.words import JUNE, YEARLY
from services.rights.rules import calendar

_EVER = 10**7


def plan_of(law: Law, day: date, rights: Iterable[str] | None = None) -> Plan:
    """What is law on a day, of all rights or of some."""
    names = sorted(law.rights) if rights is None else list(rights)
    return Plan(day, tuple((name, _branches(law, law.rights[name], day)) for name in names))


def _branches(law: Law, right: Right, day: date) -> tuple[Branch, ...]:
    return tuple(
        Branch(version.begins, node_of(law, version.condition, day), _born(version))
        for version in right.versions
        if version.holds_on(day)
    )


def _born(version: RightVersion) -> Born | None:
    if version.born_from is None and version.born_until is None:
        return None
    return Born(
        -_EVER if version.born_from is None else calendar.number(version.born_from),
        _EVER if version.born_until is None else calendar.number(version.born_until),
    )


def node_of(law: Law, told: Condition, day: date) -> Node:
    """A condition on a day."""
    match told.kind:
        case "any_of":
            return Any(tuple(node_of(law, part, day) for part in told.parts))
        case "all_of":
            return All(tuple(node_of(law, part, day) for part in told.parts))
        case "not":
            return Not(node_of(law, told.parts[0], day))
        case "has":
            return holds(law, told.statuses, told.when)
        case "age":
            return _age(told, tested_on(told.at, day))
        case "alone_in":
            return Alone(law.scopes[told.scope].code, told.at, _mask(law, told.scope))
        case "income_of":
            return _income(law, told, day)
        case "any_member_of" if told.kept is not None:
            return _kept(law, told, told.kept, day)
    part = node_of(law, told.parts[0], day)
    every = told.kind == "every_member_of"
    return Members(every, law.scopes[told.scope].code, told.at, part, _mask(law, told.scope))


def holds(law: Law, statuses: Iterable[str], rule: Rule) -> Holds:
    """That a person has one of some statuses, by a rule."""
    parts = {part: None for name in statuses for part in law.statuses[name].parts}
    mask = 0
    for part in parts:
        mask |= law.sources[law.facts[part.fact].source].bit
    return Holds(tuple((law.facts[part.fact].code, part.ranges) for part in parts), rule, mask)


def _mask(law: Law, scope: str) -> int:
    return law.sources[law.scopes[scope].source].bit


def _kept(law: Law, told: Condition, kept: Rule, day: date) -> Kept:
    facts = holds(law, told.parts[0].statuses, told.parts[0].when)
    if kept.test == "TO_31_DEC":
        since, still = date(day.year, 1, 1), False
    else:
        months = (day.year * 12 + day.month - 1) // 3 * 3 - 3 * kept.times
        since, still = date(months // 12, months % 12 + 1, 1), True
    scope = law.scopes[told.scope].code
    return Kept(scope, calendar.number(since), still, facts, _mask(law, told.scope))


def tested_on(rule: Rule, day: date) -> date:
    """The day on which a rule that serves on a day looks."""
    if rule.test not in YEARLY:
        return day
    year = day.year - (rule.test == "ON_1_JAN_OF_YEAR_BEFORE")
    if rule.grants == JUNE and day.month < 6:
        year -= 1
    return date(year, 1, 1)


def _age(told: Condition, day: date) -> Born:
    first, last = -_EVER, _EVER
    if told.from_age is not None:
        last = calendar.last_birth(day, told.from_age)
    if told.under_age is not None:
        first = calendar.last_birth(day, told.under_age) + 1
    if told.month_of_age is not None:
        # To the end of the month of that birthday.
        first = calendar.number(date(day.year - told.month_of_age, day.month, 1))
    return Born(first, last)


def _income(law: Law, told: Condition, day: date) -> Income:
    year = day.year + told.of_year
    return Income(
        law.scopes[told.scope].code,
        told.at,
        law.facts[told.fact].code,
        calendar.number(date(year, 1, 1)),
        calendar.number(date(year, 12, 31)),
        _cents(law, told.at_least, day) or 0,
        _cents(law, told.below, day),
        _cents(law, told.further, day) or 0,
        law.sources[law.facts[told.fact].source].bit,
        _mask(law, told.scope),
    )


def _cents(law: Law, series: str, day: date) -> int | None:
    return law.series[series].amounts.on(day).cents if series else None

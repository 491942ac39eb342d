"""The law in words that one reads without knowing its files."""

from collections.abc import Iterator

from services.rights.model.law import Condition, Law, Right, RightVersion
from services.rights.model.nodes import (
    Alone,
    Born,
    Holds,
    Income,
    Kept,
    Members,
    Node,
    Not,
)
from services.rights.model.words import say_rule
from services.rights.rules import calendar

WORDS = {"any_of": "one of these:", "all_of": "all of these:", "not": "not so:"}
CENTS = 100


def say_right(law: Law, right: Right) -> Iterator[str]:
    """A right, all its versions."""
    yield f"{right.name}: {right.title.nl} / {right.title.fr} / {right.title.de}"
    yield f"  granted by {right.body}, under {right.deliberation}"
    for text in (right.explanation.nl, right.explanation.fr, right.explanation.de):
        yield f"  {text}"
    for version in right.versions:
        yield from say_version(law, version)


def say_version(law: Law, version: RightVersion) -> Iterator[str]:
    """What is law during a period."""
    until = f" until {version.ends}" if version.ends else ""
    born = ""
    if version.born_from or version.born_until:
        born = f", for those born {version.born_from or ''} to {version.born_until or ''}"
    yield f"  from {version.begins}{until}{born} ({version.source}), if"
    yield from say_condition(law, version.condition, "    ")


def say_condition(law: Law, told: Condition, indent: str) -> Iterator[str]:
    """A condition, a line for each part of it."""
    below = f"{indent}  "
    if told.kind in WORDS:
        yield f"{indent}{WORDS[told.kind]}"
    elif told.kind == "has":
        facts = sorted({part.fact for name in told.statuses for part in law.statuses[name].parts})
        names = " or ".join(told.statuses)
        yield f"{indent}{names} ({', '.join(facts)}), {say_rule(told.when)}"
    elif told.kind == "age":
        yield f"{indent}age{_age(told)}, {say_rule(told.at)}"
    elif told.kind == "alone_in":
        yield f"{indent}alone in {told.scope}, {say_rule(told.at)}"
    elif told.kind == "income_of":
        yield f"{indent}{_income(law, told)}"
    else:
        who = "one member of" if told.kind == "any_member_of" else "every member of"
        kept = f", kept {say_rule(told.kept)}" if told.kept else ""
        yield f"{indent}{who} {told.scope}, {say_rule(told.at)}{kept}, has"
    for part in told.parts:
        yield from say_condition(law, part, below)


def _age(told: Condition) -> str:
    said = "" if told.from_age is None else f" from {told.from_age}"
    said += "" if told.under_age is None else f" under {told.under_age}"
    return said + ("" if told.month_of_age is None else f" until the month of {told.month_of_age}")


def _income(law: Law, told: Condition) -> str:
    limits = [f"at least {_last(law, told.at_least)}"] if told.at_least else []
    limits += [f"below {_last(law, told.below)}"] if told.below else []
    more = f" and {_last(law, told.further)} for each further member" if told.further else ""
    year = f"the year {-told.of_year} before"
    return f"{told.fact} of {told.scope} in {year} {' and '.join(limits)}{more}"


def _last(law: Law, name: str) -> str:
    series = law.series[name]
    last = list(series.amounts)[-1]
    return f"{say_cents(last.cents)} ({name} since {last.begins}, checked {series.checked_until})"


def say_cents(cents: int) -> str:
    """An amount in euro."""
    return f"{cents // CENTS}.{cents % CENTS:02}"


def say_node(law: Law, node: Node) -> str:
    """A condition of a plan that was not met."""
    match node:
        case Holds():
            names = {one.code: one.name for one in law.facts.values()}
            kinds = ", ".join(names[code] for code, _ in node.types)
            return f"none of {kinds}, {say_rule(node.rule)}"
        case Kept():
            return f"in {_scope(law, node.scope)}: {say_node(law, node.facts)}"
        case Born():
            first, last = calendar.day_of(max(node.first, -150000)), node.last
            until = f" and not after {calendar.day_of(last)}" if last < 10**6 else ""
            return f"born not before {first}{until}"
        case Members():
            return f"no household known in {_scope(law, node.scope)}"
        case Alone():
            return f"not alone in {_scope(law, node.scope)}"
        case Income():
            year = calendar.day_of(node.first).year
            return f"income of {year} in {_scope(law, node.scope)} is not within the limit"
        case Not():
            return f"excluded: {say_node(law, node.part)}"
    return "none of these"


def _scope(law: Law, code: int) -> str:
    return next(one.name for one in law.scopes.values() if one.code == code)

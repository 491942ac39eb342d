"""What sources feed: one JSON object a line, of which the fields say what kind it is."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

from services.buffer.definitions import categories, sources, value_of
from services.buffer.load.households import membership, silence, whole
from services.buffer.load.parts import LEAD, as_of_in, day_in, object_in, place_in, require
from services.buffer.model import Fact, Fed, FedFact, Membership, Silence, Whole
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.period import Period
from services.concepts.problems import Problem
from services.concepts.ssin import parse_ssin
from services.kit.clock import belgian_day, utc_now

__all__ = ["read"]

_REQUIRED = frozenset({"ssin", "supplier", "fact_type", "begin_date", "as_of", "expires_on"})
_OPTIONAL = frozenset({"end_date", "value", "decided_on"})
_VALUE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_BOUNDS = {"points": (0, 1000), "postal_code": (1000, 9999)}


def read(
    lines: Iterable[str | bytes],
    fact_types: Collection[str],
    now: Callable[[], datetime] = utc_now,
) -> tuple[Fed, list[Problem]]:
    """What is fed, in order, and all that is wrong with the lines."""
    latest = now() + LEAD
    facts: list[FedFact] = []
    memberships: list[Membership] = []
    silences: list[Silence] = []
    wholes: list[Whole] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            plain = object_in(line)
            if "scope" in plain:
                memberships.append(membership(plain, latest))
            elif "could_not_say" in plain:
                silences.append(silence(plain, latest))
            elif "told_all" in plain:
                wholes.append(whole(plain, latest))
            else:
                facts.append(_fact(plain, fact_types, latest))
        except InvalidArgument as wrong:
            problems += [Problem(one.field, one.description, number) for one in wrong.violations]
    return Fed(facts, memberships, silences, wholes), problems


def _fact(plain: Mapping[str, str], fact_types: Collection[str], latest: datetime) -> FedFact:
    require(plain, _REQUIRED, _OPTIONAL)
    fact_type = plain["fact_type"]
    if fact_type not in fact_types:
        raise invalid("fact_type", "is no kind of fact that is kept")
    begin = day_in(plain, "begin_date")
    end = day_in(plain, "end_date") if "end_date" in plain else None
    place = place_in(plain)
    if place not in sources(fact_type):
        # Who says it decides what it is worth: a fact is taken from its own source only.
        raise invalid("supplier", "must be a source of this kind of fact")
    as_of = as_of_in(plain, latest)
    fact = Fact(
        place,
        fact_type,
        Period(begin, end),
        as_of,
        day_in(plain, "expires_on"),
        _value(plain, fact_type),
        _decided_on(plain, as_of),
    )
    return FedFact(parse_ssin(plain["ssin"]), fact)


def _value(plain: Mapping[str, str], fact_type: str) -> int | None:
    if "value" not in plain:
        return None
    kind, known = value_of(fact_type), categories(fact_type)
    if kind == "none":
        raise invalid("value", "must not be told of a kind of fact without values")
    if not _VALUE.fullmatch(plain["value"]):
        raise invalid("value", "must be a whole number")
    value = int(plain["value"])
    low, high = _BOUNDS.get(kind, (value, value))
    if kind == "category" and value not in known:
        raise invalid("value", "must be a category of this kind of fact")
    if not low <= value <= high or (kind == "day" and not _is_day(value)):
        raise invalid("value", f"must be a value of this kind of fact: {kind}")
    return value


def _is_day(value: int) -> bool:
    try:
        date(value // 10_000, value // 100 % 100, value % 100)
    except ValueError:
        return False
    return True


def _decided_on(plain: Mapping[str, str], as_of: datetime) -> date | None:
    if "decided_on" not in plain:
        return None
    day = day_in(plain, "decided_on")
    if day > belgian_day(as_of):
        raise invalid("decided_on", "must not lie after as_of")
    return day

"""Facts as sources feed them: one JSON object a line."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.buffer.definitions import categories, sources
from services.buffer.model import Fact, FedFact
from services.concepts.delays import delays
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.concepts.period import Period
from services.concepts.ssin import parse_ssin
from services.kit.clock import belgian_day, utc_now
from services.kit.loading import Problem, parse_line

_REQUIRED = frozenset({"ssin", "supplier", "fact_type", "begin_date", "as_of", "expires_on"})
_OPTIONAL = frozenset({"end_date", "value", "decided_on"})
_VALUE = re.compile(r"[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
LEAD = timedelta(minutes=5)
"""How far the clock of a source may be ahead of ours."""


def read(
    lines: Iterable[str | bytes],
    fact_types: Collection[str],
    now: Callable[[], datetime] = utc_now,
) -> tuple[list[FedFact], list[Problem]]:
    """The facts in order, and all that is wrong with the lines."""
    latest = now() + LEAD
    facts: list[FedFact] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            facts.append(_fact(line, fact_types, latest))
        except InvalidArgument as wrong:
            problems += [Problem(number, one.field, one.description) for one in wrong.violations]
    return facts, problems


def _fact(line: str | bytes, fact_types: Collection[str], latest: datetime) -> FedFact:
    plain = _object(line)
    fact_type = plain["fact_type"]
    if fact_type not in fact_types:
        raise invalid("fact_type", "is no kind of fact that is kept")
    begin = _day(plain, "begin_date")
    end = _day(plain, "end_date") if "end_date" in plain else None
    place, as_of = _place(plain), _instant(plain)
    if place not in sources(fact_type):
        # Who says it decides what it is worth: a fact is taken from its own source only.
        raise invalid("supplier", "must be a source of this kind of fact")
    if as_of > latest:
        # It would stand against every correction until that day has come.
        raise invalid("as_of", "must not lie in the future")
    fact = Fact(
        place,
        fact_type,
        Period(begin, end),
        as_of,
        _day(plain, "expires_on"),
        _category(plain, fact_type),
        _decided_on(plain, as_of),
    )
    return FedFact(parse_ssin(plain["ssin"]), fact)


def _category(plain: Mapping[str, str], fact_type: str) -> int | None:
    if "value" not in plain:
        return None
    known = categories(fact_type)
    if not known:
        raise invalid("value", "must not be told of a kind of fact without categories")
    if not _VALUE.fullmatch(plain["value"]) or int(plain["value"]) not in known:
        raise invalid("value", "must be a category of this kind of fact")
    return int(plain["value"])


def _decided_on(plain: Mapping[str, str], as_of: datetime) -> date | None:
    if "decided_on" not in plain:
        return None
    day = _day(plain, "decided_on")
    if day > belgian_day(as_of):
        raise invalid("decided_on", "must not lie after as_of")
    return day


def _object(line: str | bytes) -> dict[str, str]:
    plain: Any = parse_line(line)
    if not isinstance(plain, dict) or not all(isinstance(value, str) for value in plain.values()):
        raise invalid("line", "must be an object of texts")
    if missing := _REQUIRED - plain.keys():
        raise invalid(min(missing), "is missing")
    if plain.keys() - _REQUIRED - _OPTIONAL:
        raise invalid("line", f"has fields other than {', '.join(sorted(_REQUIRED | _OPTIONAL))}")
    return plain


def _place(plain: Mapping[str, str]) -> SectorInstitution:
    found = _PLACE.fullmatch(plain["supplier"])
    if found is None:
        raise invalid("supplier", "must be sector.institution")
    place = parse_sector_institution(int(found[1]), int(found[2]), field="supplier")
    if any(place in one.places for one in delays()):
        # Everything that is kept here is told to the person at once.
        raise invalid("supplier", "must be none whose files the law tells the person later")
    return place


def _day(plain: Mapping[str, str], field: str) -> date:
    try:
        if _DAY.fullmatch(plain[field]):
            return date.fromisoformat(plain[field])
    except ValueError:
        pass
    raise invalid(field, "must be a day, yyyy-mm-dd")


def _instant(plain: Mapping[str, str]) -> datetime:
    try:
        told = datetime.fromisoformat(plain["as_of"])
        if told.tzinfo is not None:
            return told.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid("as_of", "must be an instant with its zone, yyyy-mm-ddThh:mm:ssZ")

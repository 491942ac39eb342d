"""Facts as sources feed them: one JSON object a line."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.buffer.model import Fact, FedFact
from services.concepts.delays import delays
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.concepts.period import Period
from services.concepts.ssin import parse_ssin
from services.kit.loading import Problem

_REQUIRED = frozenset({"ssin", "supplier", "fact_type", "begin_date", "as_of", "expires_on"})
_OPTIONAL = frozenset({"end_date"})


def read(
    lines: Iterable[str | bytes], fact_types: Collection[str]
) -> tuple[list[FedFact], list[Problem]]:
    """The facts in order, and all that is wrong with the lines."""
    facts: list[FedFact] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            facts.append(_fact(line, fact_types))
        except InvalidArgument as wrong:
            problems += [Problem(number, one.field, one.description) for one in wrong.violations]
    return facts, problems


def _fact(line: str | bytes, fact_types: Collection[str]) -> FedFact:
    plain = _object(line)
    fact_type = plain["fact_type"]
    if fact_type not in fact_types:
        raise invalid("fact_type", "is no kind of fact that is kept")
    begin = _day(plain, "begin_date")
    end = _day(plain, "end_date") if "end_date" in plain else None
    fact = Fact(
        _place(plain), fact_type, Period(begin, end), _instant(plain), _day(plain, "expires_on")
    )
    return FedFact(parse_ssin(plain["ssin"]), fact)


def _object(line: str | bytes) -> dict[str, str]:
    try:
        plain: Any = json.loads(line)
    except ValueError:
        raise invalid("line", "is no JSON") from None
    if not isinstance(plain, dict) or not all(isinstance(value, str) for value in plain.values()):
        raise invalid("line", "must be an object of texts")
    if missing := _REQUIRED - plain.keys():
        raise invalid(min(missing), "is missing")
    if plain.keys() - _REQUIRED - _OPTIONAL:
        raise invalid("line", f"has fields other than {', '.join(sorted(_REQUIRED | _OPTIONAL))}")
    return plain


def _place(plain: Mapping[str, str]) -> SectorInstitution:
    sector, _, institution = plain["supplier"].partition(".")
    if not (sector.isdecimal() and institution.isdecimal()):
        raise invalid("supplier", "must be sector.institution")
    place = parse_sector_institution(int(sector), int(institution), field="supplier")
    if any(place in one.places for one in delays()):
        # Everything that is kept here is told to the person at once.
        raise invalid("supplier", "must be none whose files the law tells the person later")
    return place


def _day(plain: Mapping[str, str], field: str) -> date:
    try:
        return date.fromisoformat(plain[field])
    except ValueError:
        raise invalid(field, "must be a day, yyyy-mm-dd") from None


def _instant(plain: Mapping[str, str]) -> datetime:
    try:
        told = datetime.fromisoformat(plain["as_of"])
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise invalid("as_of", "must be an instant with its zone, yyyy-mm-ddThh:mm:ssZ")
    return told.astimezone(UTC)

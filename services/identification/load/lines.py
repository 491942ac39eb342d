"""Persons as they are written: one JSON object a line."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.concepts.failures import FieldViolation, InvalidArgument
from services.concepts.incomplete_date import parse_incomplete_date
from services.concepts.ssin import Ssin, parse_ssin
from services.identification.model.numbers import Person, SsinState

_STATES = ("ACTIVE", "REPLACED", "CANCELED")
_FIELDS = frozenset({"ssin", "state", "replaced_by", "deceased_on"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: on which line (from 1), in which field, and what is expected. Never with
    what stands there, for that is about a person."""

    line: int
    field: str
    description: str


def read(lines: Iterable[str | bytes]) -> tuple[list[Person], list[Problem]]:
    """The persons in order, and all that is wrong with the lines."""
    persons: list[Person] = []
    problems: list[Problem] = []
    seen: set[Ssin] = set()
    for number, line in enumerate(lines, start=1):
        try:
            person = _person(line)
            if person.ssin in seen:
                raise _invalid("ssin", "stands in the file twice")
        except InvalidArgument as invalid:
            problems += [Problem(number, one.field, one.description) for one in invalid.violations]
        else:
            seen.add(person.ssin)
            persons.append(person)
    return persons, problems


def _person(line: str | bytes) -> Person:
    plain = _object(line)
    state = plain.get("state", "ACTIVE")
    if state not in _STATES:
        raise _invalid("state", f"must be one of {', '.join(_STATES)}")
    replaced_by, deceased_on = plain.get("replaced_by"), plain.get("deceased_on")
    if (replaced_by is not None) != (state == "REPLACED"):
        raise _invalid("replaced_by", "belongs to state REPLACED and to no other")
    person = Person(
        parse_ssin(_text(plain, "ssin")),
        SsinState[state],
        None
        if replaced_by is None
        else parse_ssin(_text(plain, "replaced_by"), field="replaced_by"),
        None
        if deceased_on is None
        else parse_incomplete_date(_text(plain, "deceased_on"), field="deceased_on"),
    )
    if person.replaced_by == person.ssin:
        raise _invalid("replaced_by", "must be another number")
    return person


def _object(line: str | bytes) -> dict[str, Any]:
    try:
        plain = json.loads(line)
    except ValueError:
        raise _invalid("line", "is no JSON") from None
    if not isinstance(plain, dict) or not plain.keys() <= _FIELDS or "ssin" not in plain:
        raise _invalid("line", f"must be an object with ssin and of {', '.join(sorted(_FIELDS))}")
    return plain


def _text(plain: Mapping[str, Any], field: str) -> str:
    value = plain[field]
    if not isinstance(value, str):
        raise _invalid(field, "must be a text")
    return value


def _invalid(field: str, description: str) -> InvalidArgument:
    return InvalidArgument(violations=[FieldViolation(field, description)])

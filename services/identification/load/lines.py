"""Persons as they are written: one JSON object a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.concepts.card_number import CardNumber, parse_card_number
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.incomplete_date import parse_incomplete_date
from services.concepts.problems import Problem
from services.concepts.resolved_ssin import SsinState
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.text import visible
from services.identification.model.numbers import Person
from services.identification.model.persons import Identity, Register
from services.identification.model.registering import Found
from services.identification.rules import finding
from services.identification.rules.spelling import folded
from services.kit.loading import parse_line

_STATES = ("ACTIVE", "REPLACED", "CANCELED")
_IDENTITY = frozenset({"last_name", "first_names", "birth_date", "sex", "register"})
_FIELDS = frozenset({"ssin", "state", "replaced_by", "deceased_on", "card_number"}) | _IDENTITY
LONGEST_NAME = 48
MOST_FIRST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Lines:
    """What the lines of a file say: numbers, who bears them, and their cards."""

    persons: list[Person]
    found: list[Found]
    cards: list[tuple[CardNumber, Ssin]]


def read(lines: Iterable[str | bytes]) -> tuple[Lines, list[Problem]]:
    """What the lines say, and everything that is wrong with them."""
    said = Lines([], [], [])
    problems: list[Problem] = []
    seen: set[Ssin] = set()
    for number, line in enumerate(lines, start=1):
        try:
            plain = _object(line)
            person = _person(plain)
            if person.ssin in seen:
                raise invalid("ssin", "stands in the file twice")
            found, card = _found(plain, person), _card(plain)
        except InvalidArgument as wrong:
            problems += [Problem(one.field, one.description, number) for one in wrong.violations]
        else:
            seen.add(person.ssin)
            said.persons.append(person)
            said.found.extend([found] if found is not None else [])
            said.cards.extend([(card, person.ssin)] if card is not None else [])
    return said, problems


def _card(plain: Mapping[str, Any]) -> CardNumber | None:
    return parse_card_number(_text(plain, "card_number")) if "card_number" in plain else None


def _found(plain: Mapping[str, Any], person: Person) -> Found | None:
    """Who bears the number, if the line says so: all of it or nothing."""
    if not plain.keys() & _IDENTITY:
        return None
    missing = sorted(_IDENTITY - plain.keys())
    if missing:
        raise invalid(missing[0], "belongs to the others that say who somebody is")
    last, firsts = visible(_text(plain, "last_name")), plain["first_names"]
    if not isinstance(firsts, list) or not all(isinstance(one, str) for one in firsts):
        raise invalid("first_names", "must be a list of texts")
    firsts = [visible(one) for one in firsts]
    if len(firsts) > MOST_FIRST_NAMES:
        raise invalid("first_names", f"must be at most {MOST_FIRST_NAMES}")
    if not folded(last) or len(last) > LONGEST_NAME:
        raise invalid("last_name", f"must be 1 to {LONGEST_NAME} characters, with letters")
    if any(len(one) > LONGEST_NAME for one in firsts):
        raise invalid("first_names", f"must be at most {LONGEST_NAME} characters each")
    if type(plain["sex"]) is not int or plain["sex"] not in (0, 1, 2):
        raise invalid("sex", "must be 0, 1 or 2")
    if _text(plain, "register") not in Register.__members__:
        raise invalid("register", f"must be one of {', '.join(Register.__members__)}")
    bearer = Identity(
        person.ssin,
        last,
        tuple(firsts),
        parse_incomplete_date(_text(plain, "birth_date"), field="birth_date"),
        Sex(plain["sex"]) if plain["sex"] else None,
        Register[plain["register"]],
    )
    return replace(finding.describe_person(bearer, (), date.max), deceased_on=person.deceased_on)


def _person(plain: Mapping[str, Any]) -> Person:
    state = _text(plain, "state") if "state" in plain else "ACTIVE"
    if state not in _STATES:
        raise invalid("state", f"must be one of {', '.join(_STATES)}")
    replaced_by, deceased_on = plain.get("replaced_by"), plain.get("deceased_on")
    if (replaced_by is not None) != (state == "REPLACED"):
        raise invalid("replaced_by", "belongs to state REPLACED and to no other")
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
        raise invalid("replaced_by", "must be another number")
    return person


def _object(line: str | bytes) -> dict[str, Any]:
    plain = parse_line(line)
    if not isinstance(plain, dict) or not plain.keys() <= _FIELDS or "ssin" not in plain:
        raise invalid("line", f"must be an object with ssin and of {', '.join(sorted(_FIELDS))}")
    return plain


def _text(plain: Mapping[str, Any], field: str) -> str:
    value = plain[field]
    if not isinstance(value, str):
        raise invalid(field, "must be a text")
    return value

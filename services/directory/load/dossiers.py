"""Dossiers as they are written: one JSON object a line."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import FieldViolation, InvalidArgument
from services.concepts.period import Period
from services.concepts.ssin import parse_ssin
from services.directory.load.code_lists import CodeLists
from services.directory.load.fields import parse_quality_code
from services.directory.load.refusal import LoadRefused, Problem, problem_of
from services.directory.model import Dossier, Holdings, Organization, Registration

REQUIRED = frozenset({"ssin", "cbe_number", "quality_code", "begin_date"})
OPTIONAL = frozenset({"phase", "end_date"})
FAR_FUTURE = timedelta(days=366)
"""How far ahead a dossier can begin; what lies further is taken for a mistake."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DossierLines:
    """Reads lines to registrations; refuses the whole at the end if a line is wrong."""

    def __init__(self, holdings: Holdings, lists: CodeLists, today: date) -> None:
        self._keys = holdings.keys
        self._organizations: Mapping[int, Organization] = {
            one.cbe_number.number: one for one in holdings.organizations
        }
        self._lists = lists
        self._latest = today + FAR_FUTURE

    def read(self, lines: Iterable[str | bytes]) -> Iterator[Registration]:
        """The registrations, in order; LoadRefused after the last line if one of them is wrong."""
        problems: list[Problem] = []
        for number, line in enumerate(lines, start=1):
            try:
                yield self._registration(number, line)
            except InvalidArgument as invalid:
                problems.append(problem_of(invalid, f"line {number}"))
        if problems:
            raise LoadRefused(problems)

    def _registration(self, number: int, line: str | bytes) -> Registration:
        plain = _object(line)
        person = parse_ssin(_text(plain, "ssin"))
        cbe_number = parse_enterprise_number(_text(plain, "cbe_number"))
        organization = self._organizations.get(cbe_number.number)
        if organization is None:
            raise _invalid("cbe_number", "is not an organization of the network")
        try:
            quality = parse_quality_code(_text(plain, "quality_code"))
        except ValueError as wrong:
            raise _invalid("quality_code", str(wrong)) from None
        if not self._lists.has_quality(organization.place, quality):
            raise _invalid("quality_code", "is no quality of the organization's sector")
        phase = plain.get("phase", 0)
        if type(phase) is not int or not 0 <= phase <= 99:
            raise _invalid("phase", "must be 0 to 99")
        dossier = Dossier(self._keys[cbe_number], quality, phase, self._period(plain))
        return Registration(number, person, dossier)

    def _period(self, plain: Mapping[str, Any]) -> Period:
        begin = _day(plain, "begin_date")
        end = _day(plain, "end_date") if plain.get("end_date") is not None else None
        if end is not None and end < begin:
            raise _invalid("end_date", "must not be before begin_date")
        if begin > self._latest:
            raise _invalid("begin_date", "must not be more than a year ahead")
        return Period(begin, end)


def _object(line: str | bytes) -> dict[str, Any]:
    try:
        plain = json.loads(line)
    except ValueError:
        raise _invalid("line", "is no JSON") from None
    if not isinstance(plain, dict):
        raise _invalid("line", "is no object")
    if missing := REQUIRED - plain.keys():
        raise _invalid(sorted(missing)[0], "is missing")
    if plain.keys() - REQUIRED - OPTIONAL:
        raise _invalid("line", f"has fields other than {', '.join(sorted(REQUIRED | OPTIONAL))}")
    return plain


def _text(plain: Mapping[str, Any], field: str) -> str:
    value = plain[field]
    if not isinstance(value, str):
        raise _invalid(field, "must be a text")
    return value


def _day(plain: Mapping[str, Any], field: str) -> date:
    text = _text(plain, field)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _invalid(field, "must be a day, yyyy-mm-dd")


def _invalid(field: str, description: str) -> InvalidArgument:
    return InvalidArgument(violations=[FieldViolation(field, description)])

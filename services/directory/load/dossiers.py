"""Dossiers as they are written, one a line, as JSON or as CSV: millions at a time.

Little varies from line to line but the person, hence what a text means is remembered.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from services.concepts.code_lists import CodeLists
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.period import Period
from services.concepts.problems import Problem
from services.concepts.quality_code import parse_quality_code
from services.concepts.reviewed import LoadRefused, problem_of
from services.concepts.ssin import parse_ssin
from services.directory.model import Dossier, Holder, OrganizationKey, QualityCode, Registration
from services.directory.rules.registering import FAR_FUTURE

COLUMNS = ("ssin", "cbe_number", "quality_code", "phase", "begin_date", "end_date")
REQUIRED = frozenset({"ssin", "cbe_number", "quality_code", "begin_date"})

Fields = list[str]
"""The texts of a line in the order of the columns, empty where nothing stands."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHASE = re.compile(r"[0-9]{1,2}")


class DossierLines:
    """Reads lines to registrations; refuses the whole at the end if a line is wrong."""

    def __init__(self, holders: Iterable[Holder], lists: CodeLists, today: date) -> None:
        known = [*holders]
        self._keys = {one.number: one.key for one in known}
        self._places = {one.number: one.place for one in known}
        self._lists = lists
        self._latest = today + FAR_FUTURE
        self._dossier = lru_cache(maxsize=1 << 16)(self._parsed_dossier)
        self._holder = lru_cache(maxsize=1 << 16)(self._parsed_holder)
        self._day = lru_cache(maxsize=1 << 16)(_day)

    def read_json(self, lines: Iterable[bytes]) -> Iterator[Registration]:
        """The registrations of lines that hold an object each."""
        return self._read(lines, _json_fields, [])

    def read_csv(self, lines: Iterable[bytes]) -> Iterator[Registration]:
        """The registrations of lines below a line that names the columns."""
        rest = iter(lines)
        if next(rest, b"").strip() == ",".join(COLUMNS).encode():
            return self._read(rest, _csv_fields, [], first=2)
        return self._read((), _csv_fields, [Problem("", f"must be {','.join(COLUMNS)}", 1)])

    def each(self, lines: Iterable[bytes], *, first: int) -> Iterator[Registration | Problem]:
        """What each line of a CSV is: a registration, or what is wrong with it."""
        return self._each(lines, _csv_fields, first)

    def _read(
        self,
        lines: Iterable[bytes],
        fields_of: Callable[[bytes], Fields],
        problems: list[Problem],
        first: int = 1,
    ) -> Iterator[Registration]:
        """The registrations, in order; LoadRefused after the last line if one of them is wrong."""
        for one in self._each(lines, fields_of, first):
            if isinstance(one, Registration):
                yield one
            else:
                problems.append(one)
        if problems:
            raise LoadRefused(problems)

    def _each(
        self, lines: Iterable[bytes], fields_of: Callable[[bytes], Fields], first: int
    ) -> Iterator[Registration | Problem]:
        for number, line in enumerate(lines, start=first):
            try:
                ssin, *others = fields_of(line)
                yield Registration(number, parse_ssin(ssin), self._dossier(*others))
            except InvalidArgument as wrong:
                yield problem_of(wrong, number)

    def _parsed_dossier(
        self, cbe_number: str, quality_code: str, phase: str, begin_date: str, end_date: str
    ) -> Dossier:
        organization, quality = self._holder(cbe_number, quality_code)
        if phase and _PHASE.fullmatch(phase) is None:
            raise invalid("phase", "must be 0 to 99")
        begin = self._day(begin_date, "begin_date")
        end = self._day(end_date, "end_date") if end_date else None
        if end is not None and end < begin:
            raise invalid("end_date", "must not be before begin_date")
        if begin > self._latest:
            raise invalid("begin_date", "must not be more than a year ahead")
        return Dossier(organization, quality, int(phase or 0), Period(begin, end))

    def _parsed_holder(
        self, cbe_number: str, quality_code: str
    ) -> tuple[OrganizationKey, QualityCode]:
        organization = parse_enterprise_number(cbe_number)
        if organization not in self._keys:
            raise invalid("cbe_number", "is not an organization of the network")
        try:
            quality = parse_quality_code(quality_code)
        except ValueError as wrong:
            raise invalid("quality_code", str(wrong)) from None
        if not self._lists.has_quality(self._places[organization], quality):
            raise invalid("quality_code", "is no quality of the organization's sector")
        return self._keys[organization], quality


def _csv_fields(line: bytes) -> Fields:
    fields = _text(line).rstrip("\r\n").split(",")
    if len(fields) != len(COLUMNS):
        raise invalid("", f"must have {len(COLUMNS)} fields")
    return fields


def _json_fields(line: bytes) -> Fields:
    try:
        plain = json.loads(_text(line))
    except (ValueError, RecursionError):
        raise invalid("", "is no JSON") from None
    if not isinstance(plain, dict):
        raise invalid("", "is no object")
    if missing := REQUIRED - plain.keys():
        raise invalid(sorted(missing)[0], "is missing")
    if plain.keys() - set(COLUMNS):
        raise invalid("", f"has fields other than {', '.join(COLUMNS)}")
    return [_json_field(plain, column) for column in COLUMNS]


def _json_field(plain: Mapping[str, Any], column: str) -> str:
    value = plain.get(column)
    if type(value) is str and value and column != "phase":
        return value
    if type(value) is int and column == "phase":
        return str(value)
    if value is None and column not in REQUIRED:
        return ""
    raise invalid(column, "must be a number" if column == "phase" else "must be a text in quotes")


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise invalid("", "is no UTF-8") from None


def _day(text: str, field: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise invalid(field, "must be a day, yyyy-mm-dd")

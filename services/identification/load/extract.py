"""An extract of the Crossroads Bank for Enterprises, as its open data are laid out.

A folder of CSV files with headings: enterprise.csv, establishment.csv, denomination.csv and
address.csv; others are not read. Numbers are written 0123.456.789, days dd-mm-yyyy. The file
meta.csv names the day of the extract (variable SnapshotDate).

Source: open data of the Crossroads Bank for Enterprises, cookbook.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from services.concepts.enterprise_number import (
    EnterpriseNumber,
    EstablishmentNumber,
    parse_enterprise_number,
    parse_establishment_number,
)
from services.concepts.failures import InvalidArgument
from services.concepts.text import visible
from services.identification.model.enterprises import Enterprise, Establishment

NAME = "001"
"""The type of denomination that is the name; others are abbreviations and commercial names."""
COMMERCIAL = "003"
LONGEST = 320
FULL = "full"

T = TypeVar("T")
Row = Mapping[str, str]


class ExtractRefused(Exception):
    """The extract cannot be used; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extract holds, and of which day it is."""

    day: date
    enterprises: tuple[Enterprise, ...]
    establishments: tuple[Establishment, ...]


def read(folder: Path) -> Extract:
    """The extract in a folder, or ExtractRefused."""
    names, codes = _names(folder), _postal_codes(folder)
    return Extract(
        _day_of(folder),
        tuple(_enterprises(folder, names, codes)),
        tuple(_establishments(folder, names, codes)),
    )


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, Row]]:
    """The lines of a file, each with where it stands."""
    path = folder / name
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file, strict=True)
            missing = [one for one in columns if one not in (rows.fieldnames or ())]
            if missing:
                raise ExtractRefused(f"{name}: column {missing[0]} is missing")
            for row in rows:
                if any(row[column] is None for column in columns):
                    raise ExtractRefused(f"{name} line {rows.line_num}: columns are missing")
                yield f"{name} line {rows.line_num}", row
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ExtractRefused(f"{name} cannot be read") from None


def _value(where: str, row: Row, column: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(row[column])
    except (InvalidArgument, ValueError):
        raise ExtractRefused(f"{where}: {column} cannot be used") from None


def _day(text: str) -> date:
    return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a calendar day


def _text(text: str) -> str:
    plain = visible(text)
    if len(plain) > LONGEST:
        raise ValueError
    return plain


def _day_of(folder: Path) -> date:
    day = None
    for where, row in _rows(folder, "meta.csv", ("Variable", "Value")):
        if row["Variable"] == "SnapshotDate":
            day = _value(where, row, "Value", _day)
        if row["Variable"] == "ExtractType" and row["Value"] != FULL:
            raise ExtractRefused(f"{where}: only a full extract says what exists no longer")
    if day is None:
        raise ExtractRefused("meta.csv: SnapshotDate is missing")
    return day


def _names(folder: Path) -> dict[str, str]:
    """The name of each entity: of several languages the first, before a commercial name."""
    found: dict[str, tuple[str, str]] = {}
    columns = ("EntityNumber", "TypeOfDenomination", "Denomination")
    for where, row in _rows(folder, "denomination.csv", columns):
        kind, number = row["TypeOfDenomination"], row["EntityNumber"]
        better = number not in found or (kind == NAME != found[number][0])
        if kind in (NAME, COMMERCIAL) and better:
            found[number] = kind, _value(where, row, "Denomination", _text)
    return {number: name for number, (_, name) in found.items()}


def _postal_codes(folder: Path) -> dict[str, str]:
    """Where each entity is; an address that was struck off does not count."""
    columns = ("EntityNumber", "Zipcode", "DateStrikingOff")
    return {
        row["EntityNumber"]: _value(where, row, "Zipcode", _text)[:15]
        for where, row in _rows(folder, "address.csv", columns)
        if not row["DateStrikingOff"]
    }


def _enterprises(
    folder: Path, names: Mapping[str, str], codes: Mapping[str, str]
) -> Iterator[Enterprise]:
    columns = ("EnterpriseNumber", "Status", "JuridicalForm", "StartDate")
    seen: set[EnterpriseNumber] = set()
    for where, row in _rows(folder, "enterprise.csv", columns):
        written = row["EnterpriseNumber"]
        number = _value(where, row, "EnterpriseNumber", parse_enterprise_number)
        if number in seen:
            raise ExtractRefused(f"{where}: EnterpriseNumber stands twice")
        seen.add(number)
        yield Enterprise(
            number,
            # Natural persons without a commercial name have none in the open data.
            names.get(written, ""),
            _value(where, row, "Status", _text)[:8],
            _value(where, row, "JuridicalForm", _text)[:8],
            _value(where, row, "StartDate", _day) if row["StartDate"] else None,
            codes.get(written, ""),
        )


def _establishments(
    folder: Path, names: Mapping[str, str], codes: Mapping[str, str]
) -> Iterator[Establishment]:
    columns = ("EstablishmentNumber", "StartDate", "EnterpriseNumber")
    seen: set[EstablishmentNumber] = set()
    for where, row in _rows(folder, "establishment.csv", columns):
        written = row["EstablishmentNumber"]
        number = _value(where, row, "EstablishmentNumber", parse_establishment_number)
        if number in seen:
            raise ExtractRefused(f"{where}: EstablishmentNumber stands twice")
        seen.add(number)
        yield Establishment(
            number,
            _value(where, row, "EnterpriseNumber", parse_enterprise_number),
            _value(where, row, "StartDate", _day),
            names.get(written, ""),
            codes.get(written, ""),
        )

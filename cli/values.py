"""What a person writes after a command, read; what makes no sense is refused before anything is
asked."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from cbss.common.v1 import organization_pb2, period_pb2
from cbss.data.v1 import (  # noqa: F401 - their criteria are found by name
    handicap_pb2,
    legal_person_data_pb2,
    right_pb2,
    social_status_pb2,
)
from google.protobuf import any_pb2, descriptor_pool, json_format, message_factory
from google.type import date_pb2

from cli.failures import Nonsense
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import parse_ssin

_DAY, _MONTH = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), re.compile(r"\d{4}-\d{2}", re.ASCII)
_PLACE, _NUMBER = re.compile(r"(\d{1,3})\.(\d{1,3})", re.ASCII), re.compile(r"\d{10}", re.ASCII)


def parse_day(text: str) -> date:
    """A day: yyyy-mm-dd."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is no day, yyyy-mm-dd") from None


def parse_month(text: str) -> str:
    """A month: yyyy-mm."""
    try:
        if not _MONTH.fullmatch(text):
            raise ValueError
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter("is no month, yyyy-mm") from None
    return text


def parse_number(text: str) -> str:
    """The identification number of a person; what is none is not repeated."""
    try:
        return parse_ssin(text).digits
    except InvalidArgument as wrong:
        said = wrong.violations[0].description
        raise typer.BadParameter(f"not an identification number: {said}") from None


def parse_recipient(text: str) -> organization_pb2.Organization:
    """An organization: `17.1` or 10 digits."""
    if place := _PLACE.fullmatch(text):
        return organization_pb2.Organization(sector_institution=_place(place))
    if _NUMBER.fullmatch(text):
        return organization_pb2.Organization(cbe_number=text)
    raise typer.BadParameter("is no place (17.1) and no enterprise number (10 digits)")


def parse_place(text: str) -> organization_pb2.SectorInstitution:
    """A place of the network that a profile names."""
    place = _PLACE.fullmatch(text)
    if place is None:
        raise Nonsense(f"{text} is no place, such as 17.1")
    return _place(place)


def parse_criteria(text: str) -> any_pb2.Any:
    """Criteria in JSON, with their kind: {"@type": "cbss.data.v1.HandicapCriteria", ...}."""
    try:
        plain = json.loads(text)
        kind = plain.pop("@type").rpartition("/")[2]
        found = descriptor_pool.Default().FindMessageTypeByName(kind)
        message = message_factory.GetMessageClass(found)()
        json_format.ParseDict(plain, message)
    except (ValueError, KeyError, AttributeError, TypeError, json_format.ParseError) as wrong:
        raise typer.BadParameter(str(wrong)) from None
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def encode_day(day: date) -> date_pb2.Date:
    """A day as the contracts write it."""
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def encode_period(first: date, last: date) -> period_pb2.Period:
    """Two days as the contracts write a period; Nonsense if the second is before the first."""
    check_order(first, last)
    return period_pb2.Period(begin_date=encode_day(first), end_date=encode_day(last))


def check_order(first: date, last: date) -> None:
    """Nonsense if a period ends before it begins."""
    if last < first:
        raise Nonsense(f"{last} is before {first}")


def read_text(path: Path) -> str:
    """A file that a person wrote; Nonsense if it is no text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Nonsense(f"{path} is no text in UTF-8") from None


def _place(found: re.Match[str]) -> organization_pb2.SectorInstitution:
    sector, institution = map(int, found.groups())
    return organization_pb2.SectorInstitution(sector=sector, institution=institution)


def show_day(day: date_pb2.Date) -> str:
    """A day of the contracts, to read."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A YAML file.")]
SsinArgument = Annotated[
    str, typer.Argument(parser=parse_number, metavar="SSIN", help="The person: 11 digits.")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why it is read; this is recorded too.")
]

"""Values of the law as messages of `cbss.common.v1`, and back."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import cast

from cbss.common.v1 import organization_pb2, period_pb2, status_pb2
from google.protobuf import timestamp_pb2
from google.type import date_pb2

from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.organization import (
    Organization,
    SectorInstitution,
    parse_sector_institution,
)
from services.concepts.period import Period
from services.concepts.status import Status, StatusValue

LONGEST_FACT = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decode_day(told: date_pb2.Date, path: str) -> date:
    """The calendar day that a message holds."""
    try:
        return date(told.year, told.month, told.day)
    except ValueError:
        raise invalid(path, "must be a complete day") from None


def decode_days(told: period_pb2.Period, path: str) -> tuple[date, date | None]:
    """The first day and the last, if there is one, in whatever order."""
    begin = decode_day(told.begin_date, f"{path}.begin_date")
    end = decode_day(told.end_date, f"{path}.end_date") if told.HasField("end_date") else None
    return begin, end


def decode_period(told: period_pb2.Period, path: str) -> Period:
    """The period that a message holds."""
    begin, end = decode_days(told, path)
    if end is not None and end < begin:
        raise invalid(f"{path}.end_date", "must not be before begin_date")
    return Period(begin, end)


def decode_instant(told: timestamp_pb2.Timestamp, path: str) -> datetime:
    """The instant that a message holds."""
    try:
        return _EPOCH + timedelta(seconds=told.seconds, microseconds=told.nanos // 1000)
    except OverflowError:
        raise invalid(path, "must be an instant before the year 10000") from None


def decode_text(told: str, path: str, longest: int, *, shortest: int = 0) -> str:
    """A text of one line within bounds."""
    if not shortest <= len(told) <= longest or not told.isprintable():
        raise invalid(path, f"must be {shortest} to {longest} printable characters")
    return told


def decode_organization(told: organization_pb2.Organization, path: str) -> Organization:
    """The organization that a message names."""
    match told.WhichOneof("identification"):
        case "cbe_number":
            return parse_enterprise_number(told.cbe_number, field=f"{path}.cbe_number")
        case "sector_institution":
            at, field = told.sector_institution, f"{path}.sector_institution"
            return parse_sector_institution(at.sector, at.institution, field=field)
    raise invalid(path, "must name an organization")


@lru_cache(maxsize=4096)
def encode_organization(one: Organization) -> organization_pb2.Organization:
    """An organization as a message, in the way in which it is named: to be copied, for all who
    encode the same share it."""
    if isinstance(one, SectorInstitution):
        return organization_pb2.Organization(sector_institution=encode_place(one))
    return organization_pb2.Organization(cbe_number=one.digits)


def encode_place(at: SectorInstitution) -> organization_pb2.SectorInstitution:
    """A place in the network as a message."""
    return organization_pb2.SectorInstitution(sector=at.sector, institution=at.institution)


def encode_day(of: date | IncompleteDate) -> date_pb2.Date:
    """A day as a message, as far as it is known."""
    return date_pb2.Date(year=of.year, month=of.month, day=of.day)


@lru_cache(maxsize=1024)
def encode_period(of: Period) -> period_pb2.Period:
    """A period as a message: to be copied, for all who encode the same share it."""
    end = None if of.end is None else encode_day(of.end)
    return period_pb2.Period(begin_date=encode_day(of.begin), end_date=end)


def encode_instant(at: datetime) -> timestamp_pb2.Timestamp:
    """An instant as a message."""
    since = at - _EPOCH
    seconds = since.days * 86_400 + since.seconds
    return timestamp_pb2.Timestamp(seconds=seconds, nanos=since.microseconds * 1000)


def encode_status_value(value: StatusValue) -> status_pb2.StatusValue:
    """A status value as the contract's enum, which numbers it alike."""
    return cast("status_pb2.StatusValue", value.value)


def encode_status(outcome: Status) -> status_pb2.Status:
    """An outcome as a message."""
    return status_pb2.Status(
        value=encode_status_value(outcome.code.value),
        code=outcome.code.code,
        description=outcome.code.description,
        information=[
            status_pb2.Information(field_name=name, field_value=value[:LONGEST_FACT])
            for name, value in outcome.information
        ]
        if outcome.information
        else None,
    )

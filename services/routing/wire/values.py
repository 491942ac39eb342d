"""Values of the law as messages of `cbss.common.v1`."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

from cbss.common.v1 import organization_pb2, period_pb2, status_pb2
from google.protobuf import any_pb2, timestamp_pb2
from google.type import date_pb2

from services.concepts.organization import Organization, SectorInstitution
from services.concepts.period import Period
from services.concepts.status import Status, StatusValue
from services.routing.model import Message, Payload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TYPE_PREFIX = "type.googleapis.com/"


def place(at: SectorInstitution | None) -> organization_pb2.SectorInstitution | None:
    """A place in the network as a message; nothing for none."""
    if at is None:
        return None
    return organization_pb2.SectorInstitution(sector=at.sector, institution=at.institution)


def organization(named: Organization) -> organization_pb2.Organization:
    """An organization, in the way in which it is named."""
    if isinstance(named, SectorInstitution):
        return organization_pb2.Organization(sector_institution=place(named))
    return organization_pb2.Organization(cbe_number=named.digits)


def calendar_day(day: date) -> date_pb2.Date:
    """A day as a message."""
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def span(period: Period) -> period_pb2.Period:
    """A period as a message."""
    end = None if period.end is None else calendar_day(period.end)
    return period_pb2.Period(begin_date=calendar_day(period.begin), end_date=end)


def instant(at: datetime | None) -> timestamp_pb2.Timestamp | None:
    """An instant as a message; nothing for none."""
    if at is None:
        return None
    since = at.astimezone(UTC) - _EPOCH
    return timestamp_pb2.Timestamp(
        seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000
    )


def moment(message: Message, field: str) -> datetime | None:
    """The instant in a field of a message; nothing if it is absent or no instant we can hold."""
    if not message.HasField(field):
        return None
    told = getattr(message, field)
    try:
        return _EPOCH + timedelta(seconds=told.seconds, microseconds=told.nanos // 1000)
    except OverflowError:
        return None


def status_value(value: StatusValue) -> status_pb2.StatusValue:
    """A status value as the contract's enum, which numbers it alike."""
    return cast("status_pb2.StatusValue", value.value)


def status(outcome: Status) -> status_pb2.Status:
    """An outcome as a message."""
    return status_pb2.Status(
        value=status_value(outcome.code.value),
        code=outcome.code.code,
        description=outcome.code.description,
        information=[
            status_pb2.Information(field_name=name, field_value=value)
            for name, value in outcome.information
        ],
    )


def packed(payload: Payload) -> any_pb2.Any:
    """A payload as it travels."""
    return any_pb2.Any(type_url=TYPE_PREFIX + payload.type_name, value=payload.content)

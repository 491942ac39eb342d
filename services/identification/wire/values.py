"""Values that many messages hold."""

from collections.abc import Iterable
from datetime import datetime

from cbss.common.v1 import status_pb2
from cbss.data.v1 import legal_person_data_pb2
from cbss.identification.v1 import search_pb2
from google.protobuf import timestamp_pb2
from google.type import date_pb2

from services.concepts.failures import InvalidArgument, invalid
from services.concepts.incomplete_date import IncompleteDate, parse_incomplete_date
from services.concepts.sex import Sex
from services.concepts.status import Status, StatusValue
from services.identification.model.calls import Unreadable
from services.identification.model.searches import Reason
from services.identification.rules.searching import ARGUMENT_INVALID


def instant(at: datetime) -> timestamp_pb2.Timestamp:
    """An instant."""
    message = timestamp_pb2.Timestamp()
    message.FromDatetime(at)
    return message


def status_value(value: StatusValue) -> status_pb2.StatusValue:
    """The value of a status."""
    return getattr(status_pb2, f"STATUS_VALUE_{value.name}")  # type: ignore[no-any-return]


def status(given: Status) -> status_pb2.Status:
    """A status with its code, its text and what is said beside it."""
    return status_pb2.Status(
        value=status_value(given.code.value),
        code=given.code.code,
        description=given.code.description,
        information=[
            status_pb2.Information(field_name=name, field_value=value[:256])
            for name, value in given.information
        ],
    )


def reasons(noticed: Iterable[Reason]) -> list[search_pb2.Reason]:
    """What was noticed."""
    return [
        search_pb2.Reason(code=one.code, field_name=one.field, description=one.description)
        for one in noticed
    ]


def unreadable(invalid: InvalidArgument) -> Unreadable:
    """What is wrong, for an answer after the door instead of a failure before it."""
    return Unreadable(
        tuple(Reason(ARGUMENT_INVALID, one.field, one.description) for one in invalid.violations)
    )


def incomplete_date(given: date_pb2.Date, *, field: str) -> IncompleteDate | None:
    """A date that may lack its day or month; nothing if it is not told."""
    if (given.year, given.month, given.day) == (0, 0, 0):
        return None
    parts = (given.year, given.month, given.day)
    if min(parts) < 0:
        raise invalid(field, "must not be negative")
    return parse_incomplete_date("{:04d}-{:02d}-{:02d}".format(*parts), field=field)


def date_message(day: IncompleteDate) -> date_pb2.Date:
    """A date that may lack its day or month."""
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def sex(given: int, *, field: str) -> Sex | None:
    """The sex; nothing if it is not told."""
    if given == legal_person_data_pb2.SEX_UNSPECIFIED:
        return None
    try:
        return Sex(given)
    except ValueError:
        raise invalid(field, "must be one of the list") from None


def sex_message(given: Sex | None) -> str:
    """The sex, by its name in the contract."""
    return "SEX_UNSPECIFIED" if given is None else f"SEX_{given.name}"

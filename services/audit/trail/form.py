"""Records as they are kept: what many have in common apart from what is of one alone."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import kept_record_pb2 as kept_pb
from cbss.common.v1 import period_pb2
from google.protobuf import timestamp_pb2
from google.type import date_pb2

from services.audit.trail.model import Ground, Kept

_EPOCH = date(1970, 1, 1)
_SECOND = 1_000_000_000
_LATEST = 2**63 // _SECOND - 1
_ALONE = (
    *("record_id", "ticket_cbss", "occurred_at", "received_at", "customer_ticket", "trace_id"),
    *("period", "reading_reason", "subjects_count", "subject_ssin", "user_id"),
    "subject_cbe_number",
)
_ALONE_IN_LEG = ("supplier_ticket", "duration_microseconds")


def ground_of(record: record_pb.ExchangeRecord) -> Ground:
    """What a record has in common with many."""
    common = record_pb.ExchangeRecord()
    common.CopyFrom(record)
    for field in _ALONE:
        common.ClearField(field)
    for leg in common.sources:
        for field in _ALONE_IN_LEG:
            leg.ClearField(field)
    if not record.caller_cbe_number:
        # It may be a citizen's, and would name him in plain; it is hidden as who asked.
        common.ClearField("client_certificate_sha256")
    number = record.customer_cbe_number
    customer = int(number[:8]) if len(number) == 10 and number.isdecimal() else 0
    content = common.SerializeToString(deterministic=True)
    return Ground(content, customer, record.legal_context)


def instance_of(record: record_pb.ExchangeRecord) -> bytes:
    """What is of a record alone, without the persons."""
    made = kept_pb.KeptInstance(
        occurred_at_nanoseconds=_nanoseconds(record.occurred_at),
        reading_reason=record.reading_reason,
        subjects_count=record.subjects_count,
    )
    if record.HasField("received_at"):
        received = _nanoseconds(record.received_at)
        made.received_before_nanoseconds = made.occurred_at_nanoseconds - received
    if (ticket := uuid_bytes(record.customer_ticket)) is not None:
        made.customer_ticket_uuid = ticket
    else:
        made.customer_ticket = record.customer_ticket
    if (trace := _trace(record.trace_id)) is not None:
        made.trace = trace
    else:
        made.trace_text = record.trace_id
    if record.HasField("period"):
        _keep_period(made, record.period)
    made.legs.extend(map(_kept_leg, record.sources))
    return made.SerializeToString(deterministic=True)


def whole(kept: Kept) -> record_pb.ExchangeRecord:
    """A record as it was handed over, without the persons."""
    alone = kept_pb.KeptInstance.FromString(kept.content)
    made = record_pb.ExchangeRecord.FromString(kept.ground)
    made.record_id = str(kept.record_id)
    made.ticket_cbss = str(kept.ticket)
    occurred = alone.occurred_at_nanoseconds
    made.occurred_at.CopyFrom(_instant(occurred))
    if alone.HasField("received_before_nanoseconds"):
        made.received_at.CopyFrom(_instant(occurred - alone.received_before_nanoseconds))
    made.customer_ticket = _text_of(alone.customer_ticket_uuid) or alone.customer_ticket
    made.trace_id = alone.trace.hex() or alone.trace_text
    made.reading_reason = alone.reading_reason
    made.subjects_count = alone.subjects_count
    if alone.HasField("period"):
        made.period.CopyFrom(alone.period)
    elif alone.HasField("begin_day"):
        made.period.begin_date.CopyFrom(_calendar(alone.begin_day))
        if not alone.is_open_ended:
            last = alone.end_day if alone.HasField("end_day") else alone.begin_day
            made.period.end_date.CopyFrom(_calendar(last))
    for leg, part in zip(made.sources, alone.legs, strict=True):
        leg.supplier_ticket = _text_of(part.supplier_ticket_uuid) or part.supplier_ticket
        leg.duration_microseconds = part.duration_microseconds
    return made


def kept_in(rows: Iterable[Any]) -> list[Kept]:
    """Rows of the store as kept records, each decoded when it is first looked at."""
    return [Kept(**row, decoder=whole) for row in rows]


def message(kept: Kept) -> record_pb.ExchangeRecord:
    """A kept record as a message again; not to be changed, for others look at it too."""
    return cast(record_pb.ExchangeRecord, kept.record or whole(kept))


def read(kept: Sequence[Kept]) -> list[record_pb.ExchangeRecord]:
    """Kept records as messages again."""
    return [message(one) for one in kept]


def uuid_bytes(text: str) -> bytes | None:
    """The bytes of a UUID in its canonical text; nothing if it is another text."""
    if len(text) != 36 or text[8::5][:4] != "----":
        return None
    digits = text.replace("-", "")
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        return None
    return found if found.hex() == digits else None


def is_instant(at: timestamp_pb2.Timestamp) -> bool:
    """Whether an instant is one that can be kept: from 1970 to 2262."""
    return 0 <= at.seconds < _LATEST and 0 <= at.nanos < _SECOND


def _kept_leg(leg: record_pb.SourceLeg) -> kept_pb.KeptLeg:
    ticket = uuid_bytes(leg.supplier_ticket)
    return kept_pb.KeptLeg(
        supplier_ticket_uuid=ticket or b"",
        supplier_ticket="" if ticket else leg.supplier_ticket,
        duration_microseconds=leg.duration_microseconds,
    )


def _keep_period(made: kept_pb.KeptInstance, period: period_pb2.Period) -> None:
    try:
        begin = _day(period.begin_date)
        end = _day(period.end_date) if period.HasField("end_date") else None
    except ValueError:
        # Not a day of the calendar: kept as it was told.
        made.period.CopyFrom(period)
        return
    made.begin_day = begin
    made.is_open_ended = end is None
    if end is not None and end != begin:
        made.end_day = end


def _day(told: date_pb2.Date) -> int:
    return (date(told.year, told.month, told.day) - _EPOCH).days


def _calendar(days: int) -> date_pb2.Date:
    day = _EPOCH + timedelta(days)
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def _nanoseconds(at: timestamp_pb2.Timestamp) -> int:
    nanoseconds: int = at.seconds * _SECOND + at.nanos
    return nanoseconds


def _instant(nanoseconds: int) -> timestamp_pb2.Timestamp:
    seconds, nanos = divmod(nanoseconds, _SECOND)
    return timestamp_pb2.Timestamp(seconds=seconds, nanos=nanos)


def _text_of(held: bytes) -> str:
    return str(UUID(bytes=held)) if held else ""


def _trace(text: str) -> bytes | None:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return None
    return found if len(found) == 16 and found.hex() == text else None

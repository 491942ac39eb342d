"""What was forgotten and deleted, as records of the log, and read back from them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail.model import Entry
from services.audit.trail.month_names import month_name, parse_month_name
from services.audit.trail.wire.records import decode_entry

RPC = "services.audit.retention/forget"
PURGE_RPC = "services.audit.retention/purge"
FREEZE_RPC = "services.audit.retention/freeze"
THAW_RPC = "services.audit.retention/thaw"


def forgetting(month: int, new_id: Callable[[], UUID], at: datetime) -> Entry:
    """The record that a month is about to be forgotten."""
    return _act(RPC, month_name(month), new_id, at)


def purging(kind: str, before: date, count: int, new_id: Callable[[], UUID], at: datetime) -> Entry:
    """The record that what ended before a day is about to be deleted, and how many there are."""
    return _act(PURGE_RPC, f"{kind} before {before.isoformat()}: {count}", new_id, at)


def freezing(month: int, why: str | None, new_id: Callable[[], UUID], at: datetime) -> Entry:
    """The record that a month is about to be kept for an inquiry, or no longer."""
    if why is None:
        return _act(THAW_RPC, month_name(month), new_id, at)
    return _act(FREEZE_RPC, f"{month_name(month)} {why}", new_id, at)


def frozen(
    freezes: Sequence[record_pb.ExchangeRecord],
    thaws: Sequence[record_pb.ExchangeRecord],
    month: int,
) -> str | None:
    """Why a month is kept, as some records say; nothing if it is not."""
    reason, since = None, -1
    for one in freezes:
        of, _, why = one.reading_reason.partition(" ")
        if of == month_name(month) and one.occurred_at.ToNanoseconds() >= since:
            reason, since = why, one.occurred_at.ToNanoseconds()
    is_over = any(
        one.reading_reason == month_name(month) and one.occurred_at.ToNanoseconds() > since
        for one in thaws
    )
    return None if is_over else reason


def purged_before(records: Sequence[record_pb.ExchangeRecord], kind: str) -> date | None:
    """Before which day what is of a kind was deleted, as some records say."""
    begins = f"{kind} before "
    days = [
        date.fromisoformat(one.reading_reason.removeprefix(begins).partition(":")[0])
        for one in records
        if kind and one.reading_reason.startswith(begins)
    ]
    return max(days, default=None)


def _act(rpc: str, reason: str, new_id: Callable[[], UUID], at: datetime) -> Entry:
    record = record_pb.ExchangeRecord(
        record_id=str(new_id()),
        ticket_cbss=str(new_id()),
        stage=record_pb.EXCHANGE_STAGE_ACT,
        verdict=record_pb.VERDICT_PERMIT,
        rpc=rpc,
        reading_reason=reason,
    )
    record.occurred_at.FromDatetime(at)
    return decode_entry(record)


def forgotten(records: Sequence[record_pb.ExchangeRecord]) -> frozenset[int]:
    """The months that some records say were forgotten."""
    return frozenset(parse_month_name(one.reading_reason) for one in records if one.rpc == RPC)

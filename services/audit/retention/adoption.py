"""Records of before the log, taken into it: each once, under the key of the month that is open."""

from collections.abc import Awaitable, Callable, Sequence

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail.model import Entry, HiddenSubject
from services.audit.trail.subjects import SubjectKeys
from services.audit.trail.wire.records import entry
from services.kit.postgres import statements

SQL = statements("services.audit")
AT_ONCE = 1000

Record = Callable[[Sequence[Entry]], Awaitable[None]]


async def adopt(connection: asyncpg.Connection, keys: SubjectKeys, record: Record) -> int:
    """Take all of them into the log, then empty their table; how many there were.

    One that is interrupted is done again: a record that is in the log already stays as it is.
    """
    adopted, after = 0, 0
    while rows := await connection.fetch(SQL.list_earlier_records, after, AT_ONCE):
        await record([_entry(row, keys) for row in rows])
        adopted, after = adopted + len(rows), rows[-1]["sequence"]
    await connection.execute("truncate earlier_record")
    return adopted


def _entry(row: asyncpg.Record, keys: SubjectKeys) -> Entry:
    record = record_pb.ExchangeRecord.FromString(row["content"])
    if row["subject_key"] is not None:
        hidden = HiddenSubject(
            row["subject_key"], row["subject_key_version"], row["subject_encrypted"]
        )
        record.subject_ssin = keys.reveal(hidden, row["record_id"]).digits
    return entry(record)

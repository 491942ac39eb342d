"""Months between PostgreSQL and folders."""

from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.log.archive.folders import Description, Folder, framed_entry
from services.audit.log.archive.proving import rest_of
from services.audit.log.notes import CHECKPOINT
from services.audit.log.store.copying import copied_records, known_grounds
from services.audit.trail.form import ground_of
from services.audit.trail.model import Kept, Span
from services.audit.trail.month_names import MONTH_BITS
from services.audit.trail.store.leaves import by_number, leaves_in
from services.kit.postgres import statements
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import Tiles

SQL = statements("services.audit")
AT_ONCE = 10_000


class MonthNotSigned(Exception):
    """Records of the month are not in the signed log yet, or there are none."""


async def export(connection: asyncpg.Connection, log: Storage, month: int, folder: Folder) -> int:
    """Write a month to a folder; how many records that are."""
    begin, end = month << MONTH_BITS, month + 1 << MONTH_BITS
    rows = await connection.fetch(SQL.list_spans_of_month, begin, end)
    spans = tuple(Span(row["first_index"], row["first_sequence"], row["count"]) for row in rows)
    checkpoint = log.read(CHECKPOINT)
    if checkpoint is None:
        raise MonthNotSigned
    signed = Checkpoint.parse(Note.decode(checkpoint).text)
    held = await connection.fetchval(SQL.count_between, begin - 1, end - 1)
    count = sum(span.count for span in spans)
    if not spans or spans[-1].first_index + spans[-1].count > signed.size or held != count:
        raise MonthNotSigned
    grounds = by_number(await known_grounds(connection))
    with folder.writer() as file:
        for span in spans:
            last = span.first_sequence + span.count - 1
            for at in range(span.first_sequence - 1, last, AT_ONCE):
                copied = await copied_records(connection, at, min(at + AT_ONCE, last))
                file.write(b"".join(map(framed_entry, leaves_in(copied, grounds))))
    first = spans[0].first_index
    rest = rest_of(first, first + count, signed.size, Tiles(log).subtree)
    folder.describe(Description(month, first, count, spans, rest), checkpoint)
    return count


async def restore(connection: asyncpg.Connection, folder: Folder) -> int:
    """Put back the records of a month that are gone; how many these were."""
    month = folder.description().month
    before = 0
    async with connection.transaction():
        await connection.execute(
            f"create table if not exists record_{int(month)} partition of record"
            f" for values from ({month << MONTH_BITS}) to ({month + 1 << MONTH_BITS})"
        )
        await connection.execute(
            f"create unique index if not exists record_{int(month)}_known"
            f" on record_{int(month)} (record_id) with (fillfactor = 100)"
        )
        records = folder.records()
        while part := list(islice(records, AT_ONCE)):
            numbers = await _grounds(connection, {kept.ground for kept, _ in part})
            before += await _put_back(connection, part, numbers)
    return before


async def _put_back(
    connection: asyncpg.Connection,
    part: Iterable[tuple[Kept, int | None]],
    numbers: dict[bytes, tuple[int, int]],
) -> int:
    rows = [
        (
            kept.sequence,
            *numbers[kept.ground],
            key,
            kept.record_id,
            kept.ticket,
            kept.content,
        )
        for kept, key in part
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return len(await connection.fetch(SQL.put_records_back, *columns))


async def _grounds(
    connection: asyncpg.Connection, contents: set[bytes]
) -> dict[bytes, tuple[int, int]]:
    """The customer and the number of each ground; those that are gone are put back too."""
    grounds = {
        sha256(content).digest(): ground_of(record_pb.ExchangeRecord.FromString(content))
        for content in contents
    }
    digests = sorted(grounds)
    columns = [
        digests,
        [grounds[digest].customer for digest in digests],
        [grounds[digest].legal_context for digest in digests],
        [grounds[digest].content for digest in digests],
    ]
    await connection.execute(SQL.add_grounds, *columns)
    rows = await connection.fetch(SQL.list_grounds, digests)
    return {
        grounds[row["sha256"]].content: (grounds[row["sha256"]].customer, row["ground_id"])
        for row in rows
    }

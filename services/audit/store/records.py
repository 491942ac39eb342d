"""Records in PostgreSQL: rows go in by hundreds, and nothing ever changes or leaves."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from typing import Self
from uuid import UUID

import asyncpg
from cbss.audit.v1 import kept_record_pb2 as kept_pb

from services.audit.errors import MonthOver
from services.audit.model import MONTH_BITS, Ground, Kept, Row, Search, SubjectKey
from services.audit.store.grounds import records_by_ground
from services.kit.coalesce import Coalescer
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")
GROUNDS_REMEMBERED = 100_000


class PostgresRecords:
    """Keeps records in the table `record`, as a role that can add and read and nothing else.

    What is handed over while a commit is under way shares the next one; `async with` waits for the
    last at the end.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._commits: Coalescer[tuple[int, Sequence[Row]], bool] = Coalescer(self._commit)
        self._grounds: OrderedDict[bytes, int] = OrderedDict()

    async def add(self, month: int, rows: Sequence[Row]) -> None:
        """Make the records durable, all in one transaction; MonthOver if the month is another."""
        if not await self._commits((month, rows)):
            raise MonthOver

    async def _commit(self, handed_over: Sequence[tuple[int, Sequence[Row]]]) -> list[bool]:
        added = {
            month: await self._add(
                month, [r for of, rows in handed_over if of == month for r in rows]
            )
            for month in {month for month, _ in handed_over}
        }
        return [added[month] for month, _ in handed_over]

    async def _add(self, month: int, rows: list[Row]) -> bool:
        # The same order everywhere: who records the same waits for the other, never in a ring.
        rows.sort(key=lambda row: row.entry.record_id)
        await self._know([row.entry.ground for row in rows])
        columns = [list(column) for column in zip(*map(self._columns, rows), strict=True)]
        return bool(await retrying(lambda: self._pool.fetchval(SQL.add_records, month, *columns)))

    async def _know(self, grounds: Sequence[Ground]) -> None:
        """Have a number for every ground; those that nobody has told of before are added."""
        while len(self._grounds) > GROUNDS_REMEMBERED:
            self._grounds.popitem(last=False)
        unknown = {
            sha256(ground.content).digest(): ground
            for ground in grounds
            if ground.content not in self._grounds
        }
        if not unknown:
            return
        digests = sorted(unknown)
        columns = [
            digests,
            [unknown[digest].customer for digest in digests],
            [unknown[digest].legal_context for digest in digests],
            [unknown[digest].content for digest in digests],
        ]
        await retrying(lambda: self._pool.execute(SQL.add_grounds, *columns))
        rows = await retrying(lambda: self._pool.fetch(SQL.list_grounds, digests))
        for row in rows:
            self._grounds[unknown[row["sha256"]].content] = row["ground_id"]

    def _columns(self, row: Row) -> tuple[object, ...]:
        entry = row.entry
        return (
            entry.ground.customer,
            self._grounds[entry.ground.content],
            row.subject and row.subject.key,
            entry.record_id,
            entry.ticket,
            _content(row),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._commits.close()

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> list[Kept]:
        """The records of an exchange, in the order of recording."""
        return await self._kept(SQL.list_records_by_ticket, ticket, after, most)

    async def of_subject(self, keys: Sequence[SubjectKey], after: int, most: int) -> list[Kept]:
        """The records about a person, in the order of recording."""
        begins = [one.month << MONTH_BITS for one in keys]
        ends = [one.month + 1 << MONTH_BITS for one in keys]
        found = [one.key for one in keys]
        return await self._kept(SQL.list_records_by_subject, begins, ends, found, after, most)

    async def of_search(self, search: Search, after: int, most: int) -> list[Kept]:
        """The records of a customer or under a purpose, in the order of recording."""
        span = search.recorded_from, search.recorded_until
        [row] = await self._fetch(SQL.find_bounds, *span)
        grounds = await self._fetch(
            SQL.list_grounds_of, search.customer, search.legal_context or None
        )
        bounds = max(after, row["after"]), row["until"], most
        return await records_by_ground(self._fetch, [one["ground_id"] for one in grounds], *bounds)

    async def _kept(self, statement: str, *arguments: object) -> list[Kept]:
        return [Kept(**row) for row in await self._fetch(statement, *arguments)]

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await retrying(lambda: self._pool.fetch(statement, *arguments))


def _content(row: Row) -> bytes:
    if row.subject is None and row.user is None:
        return row.entry.instance
    persons = kept_pb.KeptInstance()
    if row.subject is not None:
        persons.subject = row.subject.encrypted
    if row.user is not None:
        persons.user, persons.user_key = row.user.encrypted, row.user.key
    # Two serializations after one another are the serialization of both together.
    return row.entry.instance + persons.SerializeToString(deterministic=True)

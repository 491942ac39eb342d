"""Records in PostgreSQL: rows go in by hundreds, and nothing ever changes or leaves."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Self
from uuid import UUID

import asyncpg
import structlog
from cbss.audit.v1 import kept_record_pb2 as kept_pb

from services.audit.errors import MonthOver, RecordsNotKept
from services.audit.trail.form import kept_in
from services.audit.trail.model import Ground, Kept, Row, Search, SubjectKey
from services.audit.trail.store.leaves import leaf_of
from services.audit.trail.store.promises import Promise, Promises
from services.audit.trail.store.runs import records_by_ground, records_by_subject
from services.kit.coalesce import Coalescer
from services.kit.postgres import retrying, statements
from services.kit.tlog.hashes import HASH_BYTES, leaf_hash

SQL = statements("services.audit")
GROUNDS_REMEMBERED = 100_000
log = structlog.get_logger()


class PostgresRecords:
    """Keeps records in the table `record`, as a role that can add and read and nothing else.

    What is handed over while a commit is under way shares the next one; `async with` waits for the
    last at the end.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        remembered: int = GROUNDS_REMEMBERED,
        promises: Promises | None = None,
    ) -> None:
        self._pool = pool
        self._promises = promises
        self._remembered = remembered
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
        numbers = await self._numbers([row.entry.ground for row in rows])
        contents = [_content(row) for row in rows]
        columns = [
            [row.entry.ground.customer for row in rows],
            [numbers[row.entry.ground.content] for row in rows],
            [row.subject and row.subject.key for row in rows],
            [row.entry.record_id for row in rows],
            [row.entry.ticket for row in rows],
            contents,
        ]
        try:
            places = await retrying(lambda: self._pool.fetchval(SQL.add_records, month, *columns))
        except asyncpg.RaiseError:
            # Somebody makes the database forget what it is told, or alter it.
            log.error("records were not kept", count=len(rows))
            raise RecordsNotKept from None
        if places is None:
            return False
        if self._promises is not None:
            are_new = len(places) == len(rows)
            together = zip(rows, contents, strict=True)
            self._promises.add(month, [_promised(*one, are_new) for one in together])
        return True

    async def _numbers(self, grounds: Sequence[Ground]) -> dict[bytes, int]:
        """The number of every ground, by its content; those that are new are added.

        Numbers are taken for one commit: what is no longer remembered meanwhile is not missed.
        """
        numbers: dict[bytes, int] = {}
        unknown: dict[bytes, Ground] = {}
        for ground in grounds:
            content = ground.content
            if content in numbers:
                continue
            if content in self._grounds:
                numbers[content] = self._grounds[content]
                self._grounds.move_to_end(content)
            else:
                unknown[sha256(content).digest()] = ground
        if unknown:
            numbers |= await self._added(unknown)
        return numbers

    async def _added(self, unknown: Mapping[bytes, Ground]) -> dict[bytes, int]:
        digests = sorted(unknown)
        columns = [
            digests,
            [unknown[digest].customer for digest in digests],
            [unknown[digest].legal_context for digest in digests],
            [unknown[digest].content for digest in digests],
        ]
        await retrying(lambda: self._pool.execute(SQL.add_grounds, *columns))
        rows = await retrying(lambda: self._pool.fetch(SQL.list_grounds, digests))
        if len(rows) < len(unknown):
            log.error("grounds were not kept", count=len(unknown) - len(rows))
            raise RecordsNotKept
        numbers = {unknown[row["sha256"]].content: row["ground_id"] for row in rows}
        self._grounds |= numbers
        while len(self._grounds) > self._remembered:
            self._grounds.popitem(last=False)
        return numbers

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._commits.close()
        if self._promises is not None:
            self._promises.close()

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> list[Kept]:
        """The records of an exchange, in the order of recording."""
        return await self._kept(SQL.list_records_by_ticket, ticket, after, most)

    async def of_subject(self, keys: Sequence[SubjectKey], after: int, most: int) -> list[Kept]:
        """The records about a person, in the order of recording."""
        return await records_by_subject(self._fetch, keys, after, most)

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
        return kept_in(await self._fetch(statement, *arguments))

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await retrying(lambda: self._pool.fetch(statement, *arguments))


def _promised(row: Row, content: bytes, is_new: bool) -> Promise:
    """What is acknowledged of a record; one that was there before may be kept otherwise."""
    entry = row.entry
    if not is_new:
        return entry.record_id, bytes(HASH_BYTES)
    key = row.subject.key if row.subject else None
    parts = (entry.record_id, entry.ticket, key, content, entry.ground.content)
    return entry.record_id, leaf_hash(leaf_of(*parts))


def _content(row: Row) -> bytes:
    if row.subject is None and row.user is None and not row.enterprise:
        return row.entry.instance
    persons = kept_pb.KeptInstance()
    if row.subject is not None:
        persons.subject = row.subject.encrypted
    if row.user is not None:
        persons.user, persons.user_key = row.user.encrypted, row.user.key
    persons.enterprise = row.enterprise
    # Two serializations after one another are the serialization of both together.
    return row.entry.instance + persons.SerializeToString(deterministic=True)

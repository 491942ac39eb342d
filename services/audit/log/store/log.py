"""How far the tree has grown, in PostgreSQL: one session at a time makes it grow."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from services.audit.errors import SequencerFenced
from services.audit.log.store.chain import Placed
from services.audit.log.store.copying import copied_records, hashed_records
from services.audit.trail.model import Grown, Span
from services.audit.trail.store.leaves import Hashed
from services.kit.postgres import statements
from services.kit.sessions import COMMAND_TIMEOUT, leads, session

SQL = statements("services.audit")
GROUNDS_REMEMBERED = 100_000
RUNS_AT_ONCE = 50_000


class PostgresLog:
    """The log, while this session is the one that makes it grow."""

    def __init__(self, connection: asyncpg.Connection, epoch: int) -> None:
        self._connection = connection
        self._epoch = epoch
        self._grounds: dict[bytes, bytes] = {}

    @staticmethod
    @asynccontextmanager
    async def claimed(dsn: str) -> AsyncIterator["PostgresLog | None"]:
        """The log if nobody else makes it grow; it is given up with the connection."""
        async with session(dsn, name="sequencer", command_timeout=COMMAND_TIMEOUT) as connection:
            if not await connection.fetchval(SQL.claim_log):
                yield None
                return
            # Whoever had it before may not know yet that it lost it: from here on its epoch is old.
            epoch = await connection.fetchval(SQL.begin_epoch)
            yield PostgresLog(connection, epoch)

    async def grown(self) -> Grown:
        """How far the tree has grown."""
        [row] = await self._connection.fetch(SQL.find_log_state)
        return Grown(row["size"], row["root"], row["last_sequence"])

    async def settled(self) -> int:
        """Up to which place all records are committed; SequencerFenced when the server does not
        lead any more, for what is recorded elsewhere is never seen here."""
        place: int = await self._connection.fetchval(SQL.settled)
        if not leads(self._connection):
            raise SequencerFenced
        return place

    async def read(self, after: int, until: int, most: int) -> Hashed:
        """The hashes of the records after a place and up to another."""
        if len(self._grounds) > GROUNDS_REMEMBERED:
            # Those that are still in use are read again with the records that name them.
            self._grounds.clear()
        copied = await copied_records(self._connection, after, until, most)
        return await hashed_records(self._connection, copied, self._grounds)

    async def placed_from(self, index: int) -> AsyncIterator[list[Placed]]:
        """The runs of places from an index on, some at a time."""
        async for runs in placed_from(self._connection, index):
            yield runs

    async def advance(self, before: Grown, after: Grown, spans: Sequence[Span]) -> datetime:
        """Make the growth durable, or SequencerFenced if somebody else makes the tree grow; the
        instant of it."""
        async with self._connection.transaction():
            at: datetime | None = await self._connection.fetchval(
                SQL.advance_log,
                self._epoch,
                before.size,
                before.last_sequence,
                after.size,
                after.root,
                after.last_sequence,
            )
            if at is None:
                raise SequencerFenced
            columns = [
                [span.first_index for span in spans],
                [span.first_sequence for span in spans],
                [span.count for span in spans],
            ]
            await self._connection.execute(SQL.add_spans, *columns, at)
        return at


async def placed_from(connection: asyncpg.Connection, index: int) -> AsyncIterator[list[Placed]]:
    """The runs of places from an index on, some at a time."""
    while rows := await connection.fetch(SQL.list_placed, index, RUNS_AT_ONCE):
        runs = [
            (Span(row["first_index"], row["first_sequence"], row["count"]), row["integrated_at"])
            for row in rows
        ]
        yield runs
        index = runs[-1][0].first_index + 1

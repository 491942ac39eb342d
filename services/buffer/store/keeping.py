"""What may be kept, and for how long: what has expired goes, and whom no right can concern."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.buffer.model import Looked
from services.concepts.ssin import Ssin
from services.kit.postgres import retrying, statements

SQL = statements("services.buffer")


@dataclass(frozen=True)
class PostgresKeeping:
    """Deletes and counts, as the service."""

    pool: asyncpg.Pool

    async def purge(self, today: date, most: int) -> int:
        """Delete what has expired; how many rows, at most so many of each kind."""

        async def once() -> int:
            facts = await self.pool.execute(SQL.purge_facts, today, most)
            homes = await self.pool.execute(SQL.purge_households, today, most)
            return _count(facts) + _count(homes)

        return await retrying(once)

    async def look(
        self, after: Ssin | None, most: int, today: date, base: Collection[str]
    ) -> Looked:
        """The next persons by number, and which of them are kept beyond what may be."""
        begin = -1 if after is None else after.number

        async def once() -> Looked:
            rows = await self.pool.fetch(SQL.list_persons_after, begin, most)
            numbers = [row["ssin"] for row in rows]
            if not numbers:
                return Looked((), (), 0)
            found = await self.pool.fetch(SQL.list_beneficiaries, numbers, today, list(base))
            entitled = {row["ssin"] for row in found}
            expired: int = await self.pool.fetchval(SQL.count_expired, numbers, today)
            strangers = [one for one in numbers if one not in entitled]
            return Looked(tuple(map(Ssin, numbers)), tuple(map(Ssin, strangers)), expired)

        return await retrying(once)

    async def drop(self, persons: Collection[Ssin], today: date, base: Collection[str]) -> int:
        """Forget those of some persons whom no right can concern; how many. Nothing is fed
        meanwhile."""
        numbers = sorted(one.number for one in persons)

        async def once() -> int:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.fetchval(SQL.lock_followed)
                found = await connection.fetch(SQL.list_beneficiaries, numbers, today, list(base))
                gone = sorted({*numbers} - {row["ssin"] for row in found})
                await connection.execute(SQL.drop_facts, gone)
                await connection.execute(SQL.drop_memberships, gone)
                await connection.execute(SQL.drop_silences, gone)
                return len(gone)

        return await retrying(once)


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])

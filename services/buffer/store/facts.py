"""Facts in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.buffer.model import Fact, Fed, FedFact, Feed, FeedKey, Neighbourhoods, Replacement
from services.buffer.store import households
from services.buffer.store.households import period, place
from services.concepts.ssin import Ssin
from services.kit.following import follow_in_order
from services.kit.postgres import retrying, statements

SQL = statements("services.buffer")
_BEFORE_ALL = (-1, -1, "")


@dataclass(frozen=True)
class PostgresStore:
    """Reads, as the service."""

    pool: asyncpg.Pool

    async def facts_of(
        self, persons: Collection[Ssin], today: date
    ) -> Mapping[Ssin, Sequence[Fact]]:
        """The facts on these persons that have not expired; who has none is absent."""
        numbers = [person.number for person in persons]
        rows = await retrying(lambda: self.pool.fetch(SQL.list_facts, numbers, today))
        found: dict[Ssin, list[Fact]] = {}
        for row in rows:
            found.setdefault(Ssin(row["ssin"]), []).append(_fact(row))
        return found

    async def neighbourhoods(self, persons: Collection[Ssin], today: date) -> Neighbourhoods:
        """What is known of persons and of those with whom they share or shared a household."""
        near = await households.near(self.pool, persons, today)
        everybody = {*persons, *near}
        return Neighbourhoods(
            await self.facts_of(everybody, today),
            near,
            await households.silences(self.pool, everybody),
            await households.wholes(self.pool),
        )

    async def successor_of(self, person: Ssin) -> Ssin | None:
        """The number that is in the place of one that was replaced; nothing if it was not."""
        number = await retrying(lambda: self.pool.fetchval(SQL.find_successor, person.number))
        return None if number is None else Ssin(number)

    async def feeds(self, after: FeedKey | None, most: int, today: date) -> list[Feed]:
        """Feeds in the order of their keys, after one of them."""
        begin = _BEFORE_ALL if after is None else _key(after)
        rows = await retrying(lambda: self.pool.fetch(SQL.list_feeds, *begin, most, today))
        return [
            Feed(FeedKey(place(row), row["fact_type"]), row["as_of"], row["facts"]) for row in rows
        ]

    async def find_followed(self) -> int:
        """The last replacement that was applied."""
        sequence: int = await retrying(lambda: self.pool.fetchval(SQL.find_followed))
        return sequence

    async def follow(self, replacements: Sequence[Replacement]) -> int:
        """Move the facts on replaced numbers, once each, with how far that has come."""
        return await follow_in_order(self.pool, SQL, replacements, _move)


async def _move(
    connection: "PoolConnectionProxy[asyncpg.Record]", replacement: Replacement
) -> None:
    old = replacement.ssin.number
    later = await connection.fetchval(SQL.find_successor, replacement.replaced_by.number)
    new = later if later not in (None, old) else replacement.replaced_by.number
    await connection.execute(SQL.move_facts, old, new)
    await connection.execute(SQL.delete_facts, old)
    await households.move(connection, old, new)
    await connection.execute(SQL.forget_replaced, new)
    await connection.execute(SQL.shorten_chains, old, new)
    await connection.execute(SQL.store_replaced, old, new)


@dataclass(frozen=True)
class PostgresShelf:
    """Writes, as the owner."""

    pool: asyncpg.Pool

    async def feed(self, fed: Fed, today: date) -> tuple[int, int]:
        """Store what is new and delete what has expired; how many rows of each."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.fetchval(SQL.wait_for_following)
            await connection.execute(SQL.create_fed)
            await connection.copy_records_to_table("fed", records=map(_columns, fed.facts))
            await connection.execute(SQL.rename_fed)
            stored = await connection.execute(SQL.store_fed)
            purged = await connection.execute(SQL.purge_expired, today)
            if _count(stored) or _count(purged):
                await connection.execute(SQL.clear_feeds)
                await connection.execute(SQL.count_feeds)
            homes = await households.store(connection, fed.memberships)
            left = await connection.execute(SQL.purge_memberships, today)
            await households.note(connection, fed.silences, fed.wholes)
            await connection.execute(SQL.break_silences)
        return _count(stored) + homes, _count(purged) + _count(left)


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])


def _key(key: FeedKey) -> tuple[int, int, str]:
    return key.supplier.sector, key.supplier.institution, key.fact_type


def _fact(row: asyncpg.Record) -> Fact:
    return Fact(
        place(row),
        row["fact_type"],
        period(row),
        row["as_of"],
        row["expires_on"],
        row["value"],
        row["decided_on"],
    )


def _columns(fed: FedFact) -> tuple[object, ...]:
    fact = fed.fact
    return (
        fed.person.number,
        *_key(FeedKey(fact.supplier, fact.fact_type)),
        fact.period.begin,
        fact.period.end or date.max,
        fact.as_of,
        fact.expires_on,
        fact.value,
        fact.decided_on,
    )

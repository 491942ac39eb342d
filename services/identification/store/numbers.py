"""Numbers in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin
from services.identification.model.numbers import LONGEST_CHAIN, Person, SsinState
from services.kit.postgres import retrying, statements

SQL = statements("services.identification")


@dataclass(frozen=True)
class PostgresStore:
    """Reads, as the service."""

    pool: asyncpg.Pool

    async def ends_of(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Person]:
        """For each number that is kept, the person at the end of its chain of replacements."""
        if not ssins:
            return {}
        numbers = [ssin.number for ssin in ssins]
        rows = await retrying(lambda: self.pool.fetch(SQL.list_persons, numbers))
        ends = {Ssin(row["ssin"]): person(row) for row in rows}
        replaced = [row["ssin"] for row in rows if row["replaced_by"] is not None]
        if replaced:
            chains = SQL.list_chain_ends
            lasts = await retrying(lambda: self.pool.fetch(chains, replaced, LONGEST_CHAIN))
            ends |= {Ssin(row["asked"]): person(row) for row in lasts}
        return ends


@dataclass(frozen=True)
class Stored:
    """What a load changed: rows, and lines whose chain of replacements leads nowhere."""

    changed: int
    astray: Sequence[int] = ()


@dataclass(frozen=True)
class PostgresShelf:
    """Writes, as the owner."""

    pool: asyncpg.Pool

    async def store(self, persons: Sequence[Person]) -> Stored:
        """Store all persons, or none of them if a chain of replacements leads nowhere."""
        async with self.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                stored = await self._store(connection, persons)
            except BaseException:
                await transaction.rollback()
                raise
            await (transaction.rollback() if stored.astray else transaction.commit())
            return stored

    async def _store(
        self, connection: "PoolConnectionProxy[asyncpg.Record]", persons: Sequence[Person]
    ) -> Stored:
        await connection.execute(SQL.lock_replacements)
        await connection.execute(SQL.create_loaded)
        await connection.copy_records_to_table(
            "loaded", records=[(n, *_columns(person)) for n, person in enumerate(persons, start=1)]
        )
        await connection.execute(SQL.note_newly_replaced)
        changed = await connection.execute(SQL.store_loaded)
        astray = await connection.fetch(SQL.list_astray, LONGEST_CHAIN)
        await connection.execute(SQL.add_loaded_replacements, LONGEST_CHAIN)
        return Stored(int(changed.rpartition(" ")[2]), [row["line"] for row in astray])


def person(row: asyncpg.Record) -> Person:
    replaced_by, deceased_on = row["replaced_by"], row["deceased_on"]
    return Person(
        Ssin(row["ssin"]),
        SsinState(row["state"]),
        None if replaced_by is None else Ssin(replaced_by),
        None if deceased_on is None else _date(deceased_on),
    )


def _date(number: int) -> IncompleteDate:
    return IncompleteDate(number // 10_000, number // 100 % 100, number % 100)


def _columns(person: Person) -> tuple[int, int, int | None, int | None]:
    replaced_by, deceased_on = person.replaced_by, person.deceased_on
    return (
        person.ssin.number,
        person.state.value,
        None if replaced_by is None else replaced_by.number,
        None
        if deceased_on is None
        else deceased_on.year * 10_000 + deceased_on.month * 100 + deceased_on.day,
    )

"""Loading persons, as the owner of the database."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.card_number import CardNumber
from services.concepts.ssin import Ssin
from services.identification.model.numbers import LONGEST_CHAIN, Person
from services.identification.model.registering import Found
from services.identification.store.numbers import SQL
from services.identification.store.persons import keep


@dataclass(frozen=True)
class Stored:
    """What a load changed: rows, and lines whose chain of replacements leads nowhere."""

    changed: int
    astray: Sequence[int] = ()


@dataclass(frozen=True)
class PostgresShelf:
    """Writes, as the owner."""

    pool: asyncpg.Pool

    async def store(
        self,
        persons: Sequence[Person],
        found: Sequence[Found] = (),
        cards: Sequence[tuple[CardNumber, Ssin]] = (),
    ) -> Stored:
        """Store all persons, who they are and their cards; or nothing if a chain of replacements
        leads nowhere."""
        async with self.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                stored = await self._store(connection, persons)
                for one in await self._unknown(connection, found):
                    await keep(connection, one)
                numbers = [(card.number, ssin.number) for card, ssin in cards]
                await connection.executemany(SQL.store_card, numbers)
            except BaseException:
                await transaction.rollback()
                raise
            await (transaction.rollback() if stored.astray else transaction.commit())
            return stored

    async def _unknown(
        self, connection: "PoolConnectionProxy[asyncpg.Record]", found: Sequence[Found]
    ) -> list[Found]:
        """Those of whom nothing is known yet: what was changed since by an RPC stays."""
        numbers = [one.identity.ssin.number for one in found]
        known = {row["ssin"] for row in await connection.fetch(SQL.list_identities, numbers)}
        return [one for one in found if one.identity.ssin.number not in known]

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

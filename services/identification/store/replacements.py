"""Replacements in PostgreSQL: made one at a time, listed in the order of their commits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.ssin import Ssin
from services.identification.model.numbers import LONGEST_CHAIN
from services.identification.model.replacements import Kept, Replacement, Standing
from services.identification.store.numbers import SQL, person
from services.kit.postgres import retrying
from services.kit.tickets import hold

_FOLLOWING = (
    SQL.move_cards,
    SQL.move_identity,
    SQL.move_residence,
    SQL.close_data_of_replaced,
    SQL.move_data,
)
"""What is kept here on the old number moves with it, in this order."""


@dataclass(frozen=True)
class PostgresReplacements:
    """Reads and adds, as the service."""

    pool: asyncpg.Pool

    async def replace(
        self,
        old: Ssin,
        new: Ssin,
        decide: Callable[[Standing], Ssin | Kept],
        witness: Callable[[], Awaitable[None]],
    ) -> Replacement | Kept:
        """Replace the number if the rule says so; the witness writes it down before the commit."""

        async def once() -> Replacement | Kept:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL.lock_replacements)
                last = decide(await _standing(connection, old, new))
                if isinstance(last, Kept):
                    return last
                await hold(connection)
                await connection.execute(SQL.replace_person, old.number, last.number)
                row = await connection.fetchrow(SQL.add_replacement, old.number, last.number)
                assert row is not None
                for statement in _FOLLOWING:
                    await connection.execute(statement, old.number, last.number)
                for statement in (SQL.delete_residence, SQL.delete_identity):
                    await connection.execute(statement, old.number)
                await witness()
                return _replacement(row)

        return await retrying(once)

    async def replacements(self, after: int, most: int) -> list[Replacement]:
        """What was replaced after a sequence, in order."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_replacements, after, most))
        return [_replacement(row) for row in rows]

    async def list_untold(self, most: int) -> list[Replacement]:
        """What the trail has not been told yet, in order."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_untold_replacements, most))
        return [_replacement(row) for row in rows]

    async def mark_told(self, replacement: Replacement) -> None:
        """Note that the trail has it."""
        await retrying(lambda: self.pool.execute(SQL.tell_replacement, replacement.sequence))


async def _standing(
    connection: "PoolConnectionProxy[asyncpg.Record]", old: Ssin, new: Ssin
) -> Standing:
    kept = await connection.fetchrow(SQL.find_person, old.number)
    ends = await connection.fetch(SQL.list_chain_ends, [new.number], LONGEST_CHAIN)
    before = await connection.fetchval(SQL.count_steps_before, old.number, LONGEST_CHAIN)
    return Standing(
        None if kept is None else person(kept), person(ends[0]) if ends else None, before
    )


def _replacement(row: asyncpg.Record) -> Replacement:
    return Replacement(
        row["sequence"],
        row["event_id"],
        Ssin(row["ssin"]),
        Ssin(row["replaced_by"]),
        row["occurred_at"],
    )

"""Following the numbers of persons: what is kept moves, and how far that has come stands beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg

from services.directory.errors import RegisterBusy
from services.directory.model import Dossier, Replacement
from services.directory.store.reading import SQL
from services.directory.store.rows import Connection, kept_with, lock_dossiers, write
from services.directory.store.spread import Spread
from services.kit.following import follow_in_order
from services.kit.postgres import retrying

Move = Callable[
    [Replacement, Sequence[Dossier], Sequence[Dossier]],
    tuple[Sequence[Dossier], Sequence[Dossier]],
]
"""What the dossiers of the old number and of the new one become, given what they are."""


@dataclass(frozen=True)
class PostgresMoves:
    """Moves dossiers in PostgreSQL."""

    pool: asyncpg.Pool
    spread: Spread = Spread.ONE

    async def followed(self) -> int:
        """The last replacement that was applied."""
        sequence: int = await retrying(lambda: self.pool.fetchval(SQL.find_followed))
        return sequence

    async def follow(self, replacements: Sequence[Replacement], move: Move) -> int:
        """Apply replacements, once each, with how far that has come; the last one applied.

        RegisterBusy while a load holds the numbers; nothing is applied then.
        """

        async def apply(connection: Connection, one: Replacement) -> None:
            await _apply(connection, one, move, self.spread)

        hold = (SQL.bound_waiting, SQL.hold_numbers_alone)
        try:
            return await follow_in_order(self.pool, SQL, replacements, apply, hold)
        except asyncpg.LockNotAvailableError as held:
            # A file is being loaded. Registrations must not queue up behind us: another time.
            raise RegisterBusy() from held


async def _apply(
    connection: Connection, replacement: Replacement, move: Move, spread: Spread
) -> None:
    old, new = replacement.person.number, replacement.replaced_by.number
    # A later replacement may be known already: dossiers go to where they will end up.
    further = await connection.fetch(SQL.list_replaced, [new])
    new = next((row["replaced_by"] for row in further if row["replaced_by"] != old), new)
    before = await lock_dossiers(connection, [old, new], spread)
    left, moved = move(replacement, list(before.get(old, ())), list(before.get(new, ())))
    after = {
        number: kept_with(before.get(number, {}), dossiers)
        for number, dossiers in ((old, left), (new, moved))
        if dossiers and set(dossiers) != before.get(number, {}).keys()
    }
    await write(connection, before, after)
    await connection.execute(SQL.forget_replaced, new)
    await connection.execute(SQL.shorten_chains, old, new)
    await connection.execute(SQL.store_replaced, old, new)

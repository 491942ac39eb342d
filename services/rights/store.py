"""What granting bodies were told, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from services.kit.clock import Clock
from services.kit.following import Connection, follow_in_order
from services.kit.postgres import retrying, statements
from services.rights.model.decision import Decision, Verdict
from services.rights.model.people import Question, Replacement

SQL = statements("services.rights")
AT_ONCE = 10_000
"""How many rows are deleted in one statement."""
Row = tuple[int, str, str, date, int, date | None, date | None, date | None, datetime, date]


@dataclass(frozen=True)
class PostgresStore:
    """Keeps what was told."""

    pool: asyncpg.Pool
    now: Clock

    async def tell(self, told: Mapping[Question, Sequence[Decision]]) -> None:
        """Keep what is about to be told."""
        at = self.now()
        rows = {
            (one.person.number, decision.right, one.customer): _row(one, decision, at)
            for one, decisions in told.items()
            for decision in decisions
        }
        # In one order everywhere: who writes the same rows waits, and never in a circle.
        columns = list(map(list, zip(*(rows[key] for key in sorted(rows)), strict=True)))
        if columns:
            await retrying(lambda: self.pool.execute(SQL.store_told, *columns))

    async def purge(self, today: date) -> int:
        """Delete what serves no more; how much, at most so much at once."""
        deleted = await retrying(lambda: self.pool.execute(SQL.purge_told, today, AT_ONCE))
        return int(deleted.rpartition(" ")[2])

    async def find_followed(self) -> int:
        """The last replacement that was applied."""
        sequence: int = await retrying(lambda: self.pool.fetchval(SQL.find_followed))
        return sequence

    async def follow(self, replacements: Sequence[Replacement]) -> int:
        """Move what is kept on replaced numbers, once each, with how far that has come."""
        return await follow_in_order(self.pool, SQL, replacements, _move)


def _row(asked: Question, decision: Decision, at: datetime) -> Row:
    granted = decision.verdict is Verdict.GRANTED
    return (
        asked.person.number,
        decision.right,
        asked.customer,
        asked.day,
        decision.verdict.value,
        decision.begins,
        (decision.ends or date.max) if granted else None,
        decision.version,
        at,
        _expiry(asked.day, decision.ends),
    )


def _expiry(day: date, ends: date | None) -> date:
    """Until when it serves: the year after that of the day, or of the last day of the grant."""
    last = max(day, ends or day)
    return date(min(last.year, date.max.year - 1) + 1, 12, 31)


async def _move(connection: Connection, replacement: Replacement) -> None:
    old, new = replacement.ssin.number, replacement.replaced_by.number
    await connection.execute(SQL.move_told, old, new)
    await connection.execute(SQL.delete_told, old)

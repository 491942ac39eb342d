"""All records of a span of time, in PostgreSQL, in the order of recording."""

from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg

from services.audit.trail.form import kept_in
from services.audit.trail.model import Kept
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")
AT_ONCE = 5_000


class PostgresPeriods:
    """Reads the trail from one end of a period to the other, a part at a time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def between(self, begin: datetime, end: datetime) -> AsyncIterator[list[Kept]]:
        """What came into the log from one instant to before another."""
        [row] = await retrying(lambda: self._pool.fetch(SQL.find_bounds, begin, end))
        after, until = row["after"], row["until"]
        while True:
            found = await self._part(after, until)
            if not found:
                return
            yield found
            after = found[-1].sequence

    async def _part(self, after: int, until: int) -> list[Kept]:
        rows = await retrying(
            lambda: self._pool.fetch(SQL.list_records_between, after, until, AT_ONCE)
        )
        return kept_in(rows)

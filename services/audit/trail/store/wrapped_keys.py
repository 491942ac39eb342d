"""The months of recording in PostgreSQL, with their keys as they are kept: wrapped."""

import asyncpg

from services.audit.trail.model import WrappedKey
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresMonths:
    """Reads the table `month`, and begins the next one through the function that alone may."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, version: int, wrapped: bytes) -> int:
        """Begin the month of the clock if it has come; the month that is open afterwards."""
        open_month: int = await retrying(
            lambda: self._pool.fetchval(SQL.begin_month, version, wrapped)
        )
        return open_month

    async def keys(self) -> list[WrappedKey]:
        """The keys of all months that are not forgotten, oldest first."""
        rows = await retrying(lambda: self._pool.fetch(SQL.list_months))
        return [WrappedKey(row["month"], row["key_version"], row["wrapped_key"]) for row in rows]

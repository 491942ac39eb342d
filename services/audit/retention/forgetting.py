"""Months in PostgreSQL, as their owner changes them."""

from collections.abc import Callable

import asyncpg

from services.audit.retention.rules import KeptMonth
from services.audit.trail.subjects import SubjectKeys
from services.kit.postgres import statements

SQL = statements("services.audit")


class MonthNotMerged(Exception):
    """Records of the month are not in the signed log yet; without that they cannot be forgotten."""


class OwnedMonths:
    """The table `month`, for its owner."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def all(self) -> list[KeptMonth]:
        """Every month there ever was, oldest first."""
        rows = await self._connection.fetch(SQL.list_all_months)
        return [
            KeptMonth(
                row["month"],
                row["key_version"],
                row["wrapped_key"],
                row["frozen_for"],
                row["forgotten_at"] is not None,
            )
            for row in rows
        ]

    async def freeze(self, month: int, reason: str | None) -> bool:
        """Keep a month whatever its age, or no longer; whether there is such a month."""
        return bool(await self._connection.fetch(SQL.freeze_month, month, reason))

    async def forget(self, month: int) -> None:
        """Destroy the key and the records of a month, or MonthNotMerged."""
        async with self._connection.transaction():
            if await self._connection.fetchval(SQL.find_unmerged_in_month, month):
                raise MonthNotMerged
            await self._connection.execute(f"drop table record_{int(month)}")
            await self._connection.execute(SQL.forget_month, month)

    async def rewrap(self, keys: SubjectKeys, told: Callable[[int], None]) -> None:
        """Wrap the key of every month with the current version of the secret."""
        for month in await self.all():
            if month.is_forgotten or month.key_version in (None, keys.current):
                continue
            assert month.key_version is not None
            assert month.wrapped is not None
            secret = keys.unwrapped(month.key_version, month.wrapped)
            await self._connection.execute(
                SQL.rewrap_month, month.month, keys.current, keys.wrapped(secret)
            )
            told(month.month)

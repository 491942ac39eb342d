"""Reports of suspected errors and decisions, deleted once the law no longer wants them kept.

They are no records of the log: no hash of them is left. That they were deleted is one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg

from services.kit.postgres import statements

SQL = statements("services.audit")
AT_ONCE = 1000
"""How many are deleted in one transaction, so that nobody waits long for a row."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of what is deleted: how it is called in the data and the log, counted and deleted."""

    name: str
    counted: str
    purged: str


KINDS = (
    Kind("error_reports", SQL.count_ended_reports, SQL.purge_ended_reports),
    Kind("decisions", SQL.count_old_decisions, SQL.purge_old_decisions),
)


class OwnedDuties:
    """The tables `error_report`, `correction_notice` and `decision`, for their owner."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def due(self, kind: Kind, before: date) -> int:
        """How many ended before a day and are in no frozen month."""
        count: int = await self._connection.fetchval(kind.counted, _begin(before))
        return count

    async def purge(self, kind: Kind, before: date, told: Callable[[str, int], None]) -> None:
        """Delete them, a part at a time; one that is interrupted goes on where it was."""
        while gone := await self._connection.fetchval(kind.purged, _begin(before), AT_ONCE):
            told(kind.name, gone)


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

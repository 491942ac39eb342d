"""Dossiers by the file, as the owner of the database: what jobs read and write."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import asyncpg

from services.concepts.ssin import Ssin
from services.directory.model import (
    Difference,
    Loaded,
    OrganizationKey,
    Progress,
    QualityCode,
    Registration,
)
from services.directory.store.reading import SQL
from services.directory.store.writing import PATIENCE, copy, merge, stage

EXPORT = """
select
  to_char(held.ssin, 'FM00000000000') as ssin,
  to_char(organization.cbe_number, 'FM0000000000') as cbe_number,
  to_char(dossier.quality_code, 'FM000') as quality_code,
  dossier.phase,
  dossier.begin_date,
  nullif(dossier.end_date, 'infinity') as end_date
from {part} as held
cross join unnest(
  held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates
) as dossier (organization, quality_code, phase, begin_date, end_date)
join organization on organization.key = dossier.organization
where dossier.quality_code <> 999
"""
"""Not in `sql/`: the name of a part stands in it. Names of parts come from the database itself."""


@dataclass(frozen=True)
class PostgresBulk:
    """Loads, compares, counts and exports dossiers in PostgreSQL."""

    pool: asyncpg.Pool

    async def register_rest(
        self,
        registrations: Iterable[Registration],
        progress: Progress,
        reject: Callable[[Sequence[int]], None],
    ) -> tuple[Loaded, Progress]:
        """Register all but the lines that overlap, and put down how far the file has come.

        `progress` does not count these lines as rejected yet. They are named to `reject` before
        anything is durable: what is reported may have to be reported again, but nothing is lost.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            clashes = await stage(connection, registrations)
            await connection.execute(SQL.drop_lines, clashes)
            loaded = await merge(connection)
            reject(clashes)
            moved = replace(progress, rejected=progress.rejected + len(clashes))
            await connection.execute(SQL.store_progress, moved.sha256, moved.lines, moved.rejected)
        return loaded, moved

    async def progress(self, sha256: str) -> Progress:
        """How far a file has come."""
        row = await self.pool.fetchrow(SQL.find_progress, sha256)
        return Progress(sha256, *(row or (0, 0)))

    async def differences(
        self, organization: OrganizationKey, day: date, listed: Iterable[Registration]
    ) -> list[Difference]:
        """Where an organization's own list for a day differs from what is held of it."""
        async with self.pool.acquire() as connection, connection.transaction():
            await copy(connection, listed)
            rows = await connection.fetch(SQL.list_differences, organization, day, timeout=PATIENCE)
        return [_difference(row) for row in rows]

    async def count_figures(self, month: date, last_day: date) -> None:
        """Count what is known at the end of a month, and keep it."""
        await self.pool.execute(SQL.count_figures, month, last_day, timeout=PATIENCE)

    async def parts(self) -> list[str]:
        """The parts of the table of dossiers, by name."""
        return [row["name"] for row in await self.pool.fetch(SQL.list_parts)]

    async def export(self, part: str, path: Path) -> int:
        """Write the dossiers of a part in the form in which they are loaded; how many."""
        query = EXPORT.format(part=part)
        async with self.pool.acquire() as connection:
            done = await connection.copy_from_query(
                query, output=path, format="csv", header=True, timeout=PATIENCE
            )
        return int(done.rpartition(" ")[2])


def _difference(row: asyncpg.Record) -> Difference:
    return Difference(
        Ssin(row["ssin"]),
        QualityCode(row["quality_code"]),
        row["begin_date"],
        _state(row["listed_phase"], row["listed_end_date"]),
        _state(row["held_phase"], row["held_end_date"]),
    )


def _state(phase: int | None, end: date | None) -> tuple[int, date | None] | None:
    if phase is None:
        return None
    return phase, None if end == date.max else end

"""Writing, as the owner of the database: load jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.concepts.failures import FieldViolation
from services.directory.errors import DossierOverlaps
from services.directory.model import Loaded, Registration
from services.directory.store.reading import SQL
from services.directory.store.rows import Connection

PATIENCE = 3600.0
"""Seconds that a statement of a load may take."""


@dataclass(frozen=True)
class PostgresShelf:
    """Puts into PostgreSQL, each call in one transaction; lost connections end the job."""

    pool: asyncpg.Pool

    async def register(self, registrations: Iterable[Registration]) -> Loaded:
        """Open dossiers, or correct those that agree in all but end and phase.

        What is replaced by a correction is kept as history. Fails with DossierOverlaps and then
        names the lines.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            clashes = await stage(connection, registrations)
            if clashes:
                raise DossierOverlaps(
                    violations=[
                        FieldViolation(f"line {line}", DossierOverlaps.message())
                        for line in clashes
                    ]
                )
            return await merge(connection)


async def copy(connection: Connection, registrations: Iterable[Registration]) -> None:
    """Put registrations into a table of their own, on the numbers that persons have now."""
    await connection.execute(SQL.create_incoming)
    await connection.copy_records_to_table(
        "incoming", records=map(_row, registrations), timeout=PATIENCE
    )
    await connection.execute(SQL.hold_numbers, timeout=PATIENCE)
    await connection.execute(SQL.rename_incoming, timeout=PATIENCE)
    await connection.execute("analyze incoming", timeout=PATIENCE)


async def stage(connection: Connection, registrations: Iterable[Registration]) -> list[int]:
    """Put the registrations beside what is held; the lines that overlap."""
    await copy(connection, registrations)
    clashes = await connection.fetch(SQL.list_overlapping_lines, timeout=PATIENCE)
    return [line for (line,) in clashes]


async def merge(connection: Connection) -> Loaded:
    """Make dossiers of what was put down."""
    lines = await connection.fetchval("select count(*) from incoming")
    known = await connection.fetchrow(SQL.count_known, timeout=PATIENCE)
    try:
        await connection.execute(SQL.merge_incoming, timeout=PATIENCE)
    except asyncpg.CheckViolationError as violation:
        # Somebody else registered since the lines were compared.
        raise _failure(violation) from violation
    corrected, unchanged = known or (0, 0)
    return Loaded(lines - corrected - unchanged, corrected, unchanged)


def _failure(violation: asyncpg.CheckViolationError) -> Exception:
    # Of a check on another node only its message comes through.
    told = violation.constraint_name or str(violation)
    return DossierOverlaps() if "dossier_overlaps" in told else violation


def _row(registration: Registration) -> tuple[object, ...]:
    dossier = registration.dossier
    return (
        registration.line,
        registration.person.number,
        dossier.organization,
        dossier.quality_code,
        dossier.phase,
        dossier.period.begin,
        dossier.period.end or date.max,
    )

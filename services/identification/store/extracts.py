"""Extracts of the enterprise register, imported into PostgreSQL as the owner."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.enterprise_number import EstablishmentNumber
from services.identification.model.enterprises import CEASED, Enterprise, Establishment, Missing
from services.identification.store.enterprises import columns
from services.identification.store.numbers import SQL

Judge = Callable[[date | None, Sequence[Missing]], None]
"""Looks at the day of the last extract and at what this one lacks; fails if that cannot be."""


class EstablishmentsAstray(Exception):
    """Establishments belong to an enterprise that nobody knows."""

    def __init__(self, strays: Collection[EstablishmentNumber]) -> None:
        super().__init__()
        self.strays = tuple(strays)


@dataclass(frozen=True)
class PostgresImport:
    """Stores an extract, as the owner."""

    pool: asyncpg.Pool

    async def store(
        self,
        enterprises: Iterable[Enterprise],
        units: Iterable[Establishment],
        day: date,
        judge: Judge,
    ) -> Sequence[Missing]:
        """Store an extract of a day, which is all that exists then: what it lacks has ceased, and
        how much that is; or nothing, if the judge refuses it or an establishment is nobody's."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL.lock_extracts)
            await _copy(connection, enterprises, units)
            last = await connection.fetchval(SQL.find_last_extract)
            missing = [
                Missing(row["kind"], row["known"], row["missing"])
                for row in await connection.fetch(SQL.count_missing, day, timeout=3600)
            ]
            judge(last, missing)
            await connection.execute(SQL.store_imported_enterprises, day, timeout=3600)
            strays = await connection.fetch(SQL.list_imported_strays, timeout=3600)
            if strays:
                raise EstablishmentsAstray(
                    [EstablishmentNumber(row["establishment_number"]) for row in strays]
                )
            for statement, arguments in (
                (SQL.store_imported_establishments, (day,)),
                (SQL.end_imported_belongings, (day,)),
                (SQL.add_imported_belongings, (day,)),
                (SQL.end_missing_establishments, (day,)),
                (SQL.end_missing_enterprises, (day, CEASED)),
                (SQL.add_extract, (day,)),
            ):
                await connection.execute(statement, *arguments, timeout=3600)
            return missing


async def _copy(
    connection: "PoolConnectionProxy[asyncpg.Record]",
    enterprises: Iterable[Enterprise],
    units: Iterable[Establishment],
) -> None:
    await connection.execute(SQL.create_imported)
    await connection.copy_records_to_table(
        "imported_enterprise", records=map(columns, enterprises), timeout=3600
    )
    await connection.copy_records_to_table(
        "imported_establishment", records=map(_unit_columns, units), timeout=3600
    )


def _unit_columns(unit: Establishment) -> tuple[object, ...]:
    return (
        unit.number.number,
        unit.name,
        unit.postal_code,
        unit.enterprise.number,
        unit.since,
    )

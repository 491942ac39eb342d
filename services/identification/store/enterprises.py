"""Enterprises and establishments in PostgreSQL."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.identification.model.enterprises import Enterprise, Establishment
from services.identification.store.numbers import SQL
from services.kit.postgres import retrying

Witness = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class PostgresEnterprises:
    """Reads and registers, as the service."""

    pool: asyncpg.Pool

    async def find(self, number: EnterpriseNumber | EstablishmentNumber) -> Enterprise | None:
        """The enterprise of a number, or of the establishment of a number."""
        owner = number.number
        if isinstance(number, EstablishmentNumber):
            found = await retrying(lambda: self.pool.fetchval(SQL.find_owner, number.number))
            if found is None:
                return None
            owner = found
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_enterprise, owner))
        if row is None:
            return None
        units = await retrying(lambda: self.pool.fetch(SQL.list_establishments, owner))
        return Enterprise(
            EnterpriseNumber(row["cbe_number"]),
            row["name"],
            row["status"],
            row["juridical_form"],
            row["start_date"],
            row["postal_code"],
            tuple(_establishment(unit) for unit in units),
        )

    async def register(self, enterprise: Enterprise, witness: Witness) -> None:
        """Store an enterprise; the witness writes it down before the commit."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL.store_enterprise, *_columns(enterprise))
                await witness()

        await retrying(once)

    async def belong(self, unit: Establishment, witness: Witness) -> bool:
        """Store an establishment with the enterprise it belongs to from a day on; whether that
        enterprise is known and the day is none before an earlier move."""

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                number = unit.number.number
                owner = unit.enterprise.number
                if await connection.fetchrow(SQL.find_enterprise, owner) is None:
                    return False
                await connection.execute(
                    SQL.store_establishment, number, unit.name, unit.postal_code
                )
                before = await connection.fetchrow(SQL.find_belonging_for_update, number)
                if before is not None and before["since"] > unit.since:
                    return False
                if before is None:
                    await connection.execute(SQL.add_belonging, number, unit.since, owner)
                elif before["since"] == unit.since:
                    await connection.execute(SQL.correct_belonging, number, owner)
                elif before["cbe_number"] != owner:
                    await connection.execute(SQL.end_belonging, number, unit.since)
                    await connection.execute(SQL.add_belonging, number, unit.since, owner)
                await witness()
                return True

        return await retrying(once)


@dataclass(frozen=True)
class PostgresImport:
    """Stores an extract, as the owner."""

    pool: asyncpg.Pool

    async def store(
        self, enterprises: Iterable[Enterprise], units: Iterable[Establishment], day: date
    ) -> list[EstablishmentNumber]:
        """Store an extract of a day as a whole; or nothing, and the establishments of nobody."""
        async with self.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                await connection.execute(SQL.create_imported)
                await connection.copy_records_to_table(
                    "imported_enterprise", records=map(_columns, enterprises)
                )
                await connection.copy_records_to_table(
                    "imported_establishment", records=map(_unit_columns, units)
                )
                await connection.execute(SQL.store_imported_enterprises)
                strays = await connection.fetch(SQL.list_imported_strays)
                if not strays:
                    await connection.execute(SQL.store_imported_establishments)
                    await connection.execute(SQL.end_imported_belongings, day)
                    await connection.execute(SQL.add_imported_belongings, day)
            except BaseException:
                await transaction.rollback()
                raise
            await (transaction.rollback() if strays else transaction.commit())
            return [EstablishmentNumber(row["establishment_number"]) for row in strays]


def _columns(one: Enterprise) -> tuple[object, ...]:
    return (
        one.number.number,
        one.name,
        one.status,
        one.juridical_form,
        one.start,
        one.postal_code,
    )


def _unit_columns(unit: Establishment) -> tuple[object, ...]:
    return (
        unit.number.number,
        unit.name,
        unit.postal_code,
        unit.enterprise.number,
        unit.since,
    )


def _establishment(row: asyncpg.Record) -> Establishment:
    return Establishment(
        EstablishmentNumber(row["establishment_number"]),
        EnterpriseNumber(row["cbe_number"]),
        row["since"],
        row["name"],
        row["postal_code"],
    )

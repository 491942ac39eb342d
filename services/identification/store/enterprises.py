"""Enterprises and establishments in PostgreSQL."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.subject import CbeNumber
from services.identification.model.enterprises import CEASED, Enterprise, Establishment
from services.identification.store.numbers import SQL
from services.kit.postgres import retrying
from services.kit.tickets import hold

Witness = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class PostgresEnterprises:
    """Reads and registers, as the service."""

    pool: asyncpg.Pool

    async def states_of(
        self, numbers: Collection[CbeNumber]
    ) -> Mapping[CbeNumber, ResolvedEnterprise]:
        """What each number that is kept is today; a question for each kind that is asked."""
        enterprises = [one.number for one in numbers if isinstance(one, EnterpriseNumber)]
        units = [one.number for one in numbers if isinstance(one, EstablishmentNumber)]
        found: dict[CbeNumber, ResolvedEnterprise] = {}
        if enterprises:
            rows = await retrying(lambda: self.pool.fetch(SQL.list_states, enterprises))
            found |= {EnterpriseNumber(row["cbe_number"]): _state(row) for row in rows}
        if units:
            rows = await retrying(lambda: self.pool.fetch(SQL.list_last_belongings, units))
            found |= {
                EstablishmentNumber(row["establishment_number"]): _unit_state(row) for row in rows
            }
        return found

    async def find(self, number: CbeNumber) -> Enterprise | None:
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
            row["end_date"],
        )

    async def register(self, enterprise: Enterprise, day: date, witness: Witness) -> None:
        """Store an enterprise as it is on a day; the witness writes it down before the commit."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await hold(connection)
                await connection.execute(SQL.store_enterprise, *columns(enterprise), day)
                await witness()

        await retrying(once)

    async def belong(self, unit: Establishment, day: date, witness: Witness) -> bool:
        """Store an establishment with the enterprise it belongs to from a day on; whether that
        enterprise is known and the day is none before an earlier move."""

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                number = unit.number.number
                owner = unit.enterprise.number
                await hold(connection)
                if await connection.fetchrow(SQL.find_enterprise, owner) is None:
                    return False
                await connection.execute(
                    SQL.store_establishment, number, unit.name, unit.postal_code, day
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


def _state(row: asyncpg.Record) -> ResolvedEnterprise:
    ended_on = row["end_date"]
    # The register of enterprises can tell that one has ceased, without a day.
    ceased = ended_on is not None or row["status"] == CEASED
    return ResolvedEnterprise(
        EnterpriseState.CEASED if ceased else EnterpriseState.ACTIVE, ended_on
    )


def _unit_state(row: asyncpg.Record) -> ResolvedEnterprise:
    ended_on = row["until"]
    return ResolvedEnterprise(
        EnterpriseState.ACTIVE if ended_on is None else EnterpriseState.CEASED,
        ended_on,
        EnterpriseNumber(row["cbe_number"]),
    )


def columns(one: Enterprise) -> tuple[object, ...]:
    return (
        one.number.number,
        one.name,
        one.status,
        one.juridical_form,
        one.start,
        one.postal_code,
    )


def _establishment(row: asyncpg.Record) -> Establishment:
    return Establishment(
        EstablishmentNumber(row["establishment_number"]),
        EnterpriseNumber(row["cbe_number"]),
        row["since"],
        row["name"],
        row["postal_code"],
    )

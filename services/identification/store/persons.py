"""Persons of the registers in PostgreSQL: created one at a time, updated group by group."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.ssin import Ssin
from services.identification.errors import RequestIdReused
from services.identification.model.persons import Identity, Version
from services.identification.model.registering import Found, Making, Name, Rewriting
from services.identification.store import histories
from services.identification.store.numbers import SQL
from services.identification.store.registers import PostgresRegisters, identity, number
from services.kit.postgres import retrying
from services.kit.tickets import hold


@dataclass(frozen=True)
class PostgresPersons:
    """Creates and updates, as the service."""

    pool: asyncpg.Pool

    async def create(
        self,
        customer: EnterpriseNumber,
        request_id: UUID,
        digest: bytes,
        purpose: LegalContext,
        locks: Sequence[int],
        make: Callable[[PostgresRegisters, "PostgresNumbers"], Awaitable[Making | None]],
        witness: Callable[[Ssin], Awaitable[None]],
    ) -> Ssin | None:
        """The number that was made, or was made before for the same request; none if none was.

        Whoever creates a person that may be the same waits: the locks are held to the end.
        """

        async def once() -> Ssin | None:
            async with self.pool.acquire() as connection, connection.transaction():
                for lock in sorted(locks):
                    await connection.execute(SQL.lock_key, lock)
                earlier = await connection.fetchrow(SQL.find_creation, customer.number, request_id)
                if earlier is not None:
                    if earlier["content_sha256"] != digest:
                        raise RequestIdReused
                    return Ssin(earlier["ssin"])
                making = await make(PostgresRegisters(connection), PostgresNumbers(connection))
                if making is None:
                    return None
                ssin = making.found.identity.ssin
                await connection.execute(SQL.add_person, ssin.number)
                await connection.execute(
                    SQL.add_creation, customer.number, request_id, digest, ssin.number, purpose
                )
                await keep(connection, making.found)
                await histories.add(connection, ssin, making.versions)
                await witness(ssin)
                return ssin

        try:
            return await retrying(once)
        except asyncpg.UniqueViolationError as violation:
            if violation.constraint_name == "creation_pkey":
                raise RequestIdReused from None
            raise

    async def update(
        self,
        ssin: Ssin,
        rewrite: Callable[[Identity, Sequence[Version], datetime], Rewriting],
        witness: Callable[[Rewriting], Awaitable[None]],
    ) -> Rewriting | None:
        """Change what is known of a person, one change at a time; none if nobody is known."""

        async def once() -> Rewriting | None:
            async with self.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(SQL.find_identity_for_update, ssin.number)
                if row is None:
                    return None
                now: datetime = await connection.fetchval(SQL.tell_time)
                known = await histories.PostgresHistories(connection).versions(ssin)
                bearer = identity(row)
                if not known:
                    known = histories.first_versions(bearer, row["known_from"])
                    await histories.add(connection, ssin, known)
                rewriting = rewrite(bearer, known, now)
                closed = [one for change in rewriting.changes for one in change.closed]
                opened = [one for change in rewriting.changes for one in change.opened]
                await histories.close(connection, ssin, closed, now)
                await histories.add(connection, ssin, opened)
                if opened:
                    await keep(connection, rewriting.found)
                await hold(connection)
                await witness(rewriting)
                return rewriting

        return await retrying(once)


@dataclass(frozen=True)
class PostgresNumbers:
    """The numbers that are taken, within a creation."""

    connection: "PoolConnectionProxy[asyncpg.Record]"

    async def list_taken(self, spaces: range) -> frozenset[int]:
        """Of the numbers that begin with one of these six digits, those of the last of them that
        has any; nobody else takes one until the end."""
        # Beside the keys of names, which are hashes of the whole range, these are small.
        await self.connection.execute(SQL.lock_key, spaces.start)
        bounds = spaces.start * 100_000, spaces.stop * 100_000 - 1
        rows = await self.connection.fetch(SQL.list_last_numbers_between, *bounds)
        return frozenset(row["ssin"] for row in rows)


async def name_id(connection: "PoolConnectionProxy[asyncpg.Record]", name: Name) -> int:
    """The number of a name, made if it is new."""
    known = await connection.fetchval(SQL.find_name, name.folded)
    made = known or await connection.fetchval(SQL.add_name, name.folded, list(name.keys))
    return int(made or await connection.fetchval(SQL.find_name, name.folded))


async def keep(connection: "PoolConnectionProxy[asyncpg.Record]", found: Found) -> None:
    """Keep who bears the number, and where the person lives, as searches read it."""
    bearer, home, ids = found.identity, found.home, {}
    names = [found.last_name, found.first_name, None if home is None else home.street]
    # In one order everywhere: two that make the same names never wait for each other in a ring.
    for name in sorted((one for one in names if one is not None), key=lambda one: one.folded):
        ids[name] = await name_id(connection, name)
    await connection.execute(
        SQL.store_identity,
        bearer.ssin.number,
        bearer.last_name,
        list(bearer.first_names),
        ids[found.last_name],
        0 if found.first_name is None else ids[found.first_name],
        number(bearer.birth),
        0 if bearer.sex is None else bearer.sex.value,
        bearer.register.value,
        bearer.proof.value,
    )
    if found.deceased_on is not None:
        await connection.execute(SQL.set_decease, bearer.ssin.number, number(found.deceased_on))
    if home is None:
        await connection.execute(SQL.delete_residence, bearer.ssin.number)
        return
    await connection.execute(
        SQL.store_residence,
        bearer.ssin.number,
        home.country_code,
        home.postal_code,
        ids[home.street],
        home.house_number,
        home.box,
    )

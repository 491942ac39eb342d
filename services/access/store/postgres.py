"""Deliberations in PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

from services.access.errors import (
    AccessionOverlaps,
    LegalContextOwned,
    VersionAltered,
)
from services.access.model import Deliberation, Holdings, KnownOrganization
from services.access.store import document
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.kit.postgres import LOST, retrying, statements

log = structlog.get_logger()

SQL = statements("services.access")
_CHANNEL = "deliberations"
_AWAY: tuple[type[Exception], ...] = (*LOST, asyncpg.InterfaceError, OSError)


class PostgresStore:
    """Reads deliberations as the service, and enacts them as the owner of the database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def revision(self) -> str:
        """A mark of the last change: another one when anything has changed."""
        return str(await retrying(lambda: self._pool.fetchval(SQL.get_revision)))

    async def holdings(self) -> Holdings:
        """Every version of every deliberation and every organization, as of one moment."""
        return await retrying(self._read)

    async def changes(self, patience: timedelta) -> AsyncGenerator[None, None]:
        """Comes at once, at every announced change, and at the latest after the patience.

        Says only that it is worth looking: a change while the line was broken comes with the next
        turn, a turn without a change is ordinary.
        """
        told = asyncio.Event()
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await connection.add_listener(_CHANNEL, lambda *_: told.set())
                    connection.add_termination_listener(lambda *_: told.set())
                    while not connection.is_closed():
                        told.clear()
                        yield
                        await _waited(told, patience)
            except _AWAY as away:
                log.warning("changes are not announced", fault=type(away).__name__)
                told.clear()
                yield
                await _waited(told, patience)

    async def enact(self, deliberations: Sequence[Deliberation]) -> int:
        """Add deliberations, or move on those that are there, all or none; how many rows changed.

        Fails with VersionAltered, LegalContextOwned and AccessionOverlaps.
        """
        try:
            return await retrying(lambda: self._enact(deliberations))
        except asyncpg.ExclusionViolationError as violation:
            raise AccessionOverlaps from violation
        except asyncpg.UniqueViolationError as violation:
            raise LegalContextOwned from violation

    async def store_organizations(self, organizations: Sequence[KnownOrganization]) -> None:
        """Admit organizations, or replace those that are there, each as a whole."""
        rows = [_organization_row(one) for one in organizations]
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.executemany(SQL.put_organization, rows)

    async def _read(self) -> Holdings:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows = await connection.fetch(SQL.list_deliberations)
            accessions: dict[str, list[dict[str, Any]]] = {}
            for row in await connection.fetch(SQL.list_accessions):
                accessions.setdefault(row["number"], []).append(_written_accession(row))
            organizations = await connection.fetch(SQL.list_organizations)
        return Holdings(
            tuple(_deliberation(row, accessions.get(row["number"], [])) for row in rows),
            tuple(map(_organization, organizations)),
        )

    async def _enact(self, deliberations: Sequence[Deliberation]) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL.lock_deliberations)
            await self._refuse(connection, deliberations)
            enacted = await connection.fetch(SQL.enact_deliberations, *_columns(deliberations))
            owned = await connection.fetch(SQL.own_legal_contexts, *_contexts(deliberations))
            acceded = await connection.fetch(SQL.accede, *_accessions(deliberations))
            return len(enacted) + len(owned) + len(acceded)

    async def _refuse(self, connection: Any, deliberations: Sequence[Deliberation]) -> None:
        keys = [(one.number, one.version, one.digest) for one in deliberations]
        if altered := await connection.fetch(SQL.find_altered, *_turned(keys, 3)):
            raise VersionAltered(
                facts={"number": altered[0]["number"], "version": str(altered[0]["version"])}
            )
        if owned := await connection.fetch(SQL.find_owned, *_contexts(deliberations)):
            raise LegalContextOwned(facts={"legal_context": owned[0]["legal_context"]})


async def _waited(told: asyncio.Event, patience: timedelta) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience.total_seconds()):
            await told.wait()


def _deliberation(row: asyncpg.Record, accessions: list[dict[str, Any]]) -> Deliberation:
    body = json.loads(row["body"])
    return document.read(body | {"status": row["standing"], "accessions": accessions})


def _written_accession(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "recipient": row["recipient"],
        "regulation": row["regulation"],
        "valid_from": row["valid_from"].isoformat(),
        "valid_until": row["valid_until"].isoformat() if row["valid_until"] else None,
    }


def _organization(row: asyncpg.Record) -> KnownOrganization:
    sector = row["sector"]
    return KnownOrganization(
        EnterpriseNumber(row["cbe_number"]),
        row["name"],
        None if sector is None else SectorInstitution(sector, row["institution"]),
        frozenset(row["public_key_sha256"]),
        frozenset(map(EnterpriseNumber, row["manages"])),
    )


def _organization_row(one: KnownOrganization) -> tuple[Any, ...]:
    place = one.place
    return (
        one.cbe_number.number,
        one.name,
        place.sector if place else None,
        place.institution if place else None,
        sorted(one.public_keys),
        sorted(managed.number for managed in one.manages),
    )


def _columns(deliberations: Sequence[Deliberation]) -> list[list[Any]]:
    rows = [
        (
            one.number,
            one.version,
            one.standing.value,
            one.validity.begin,
            one.validity.end,
            one.digest,
            json.dumps(document.written(one), ensure_ascii=False),
        )
        for one in deliberations
    ]
    return _turned(rows, 7)


def _contexts(deliberations: Sequence[Deliberation]) -> list[list[Any]]:
    rows = [(context, one.number) for one in deliberations for context in one.legal_contexts]
    return _turned(rows, 2)


def _accessions(deliberations: Sequence[Deliberation]) -> list[list[Any]]:
    rows = [
        (one.number, str(acc.recipient), acc.period.begin, acc.period.end, acc.regulation)
        for one in deliberations
        for acc in one.accessions
    ]
    return _turned(rows, 5)


def _turned(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as columns, which is how `unnest` takes them."""
    return [[row[column] for row in rows] for column in range(width)]

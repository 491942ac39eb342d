"""Deliberations in PostgreSQL: read as a whole by the service, filled by the load job."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

from services.access.errors import AccessionOverlaps, LegalContextOwned, VersionAltered
from services.access.model import Deliberation, Holdings
from services.access.store import rows
from services.kit.postgres import LOST, retrying, statements
from services.kit.sessions import still_leads

log = structlog.get_logger()

SQL = statements("services.access")
_CHANNEL = "deliberations"
_DEAF = timedelta(seconds=0.5)
"""How long to wait before listening is tried again."""
_AWAY: tuple[type[Exception], ...] = (*LOST, asyncpg.InterfaceError, OSError)


class PostgresStore:
    """Reads all that is held as the service, and adds to it as the owner of the database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        # Texts never change: each is read once, and a change costs what has changed.
        self._read_before: dict[tuple[str, int], Deliberation] = {}

    async def revision(self) -> int:
        """Numbers the last change: another one when anything has changed."""
        return int(await retrying(lambda: self._pool.fetchval(SQL.get_revision)))

    async def holdings(self) -> Holdings:
        """Every version of every deliberation, as of one moment."""
        return await retrying(self._read)

    async def changes(self, patience: timedelta) -> AsyncGenerator[None, None]:
        """Comes at once, at every announced change, and at the latest after the patience.

        Says only that it is worth looking: a change while the line was broken comes with the next
        turn, a turn without a change is ordinary.
        """
        told = asyncio.Event()

        def tell(*_: object) -> None:
            told.set()

        while True:
            try:
                async with self._pool.acquire() as connection:
                    await connection.add_listener(_CHANNEL, tell)
                    connection.add_termination_listener(tell)
                    try:
                        listens = True
                        while listens:
                            told.clear()
                            yield
                            await _waited(told, patience)
                            listens = not connection.is_closed() and await still_leads(connection)
                    finally:
                        if not connection.is_closed():
                            connection.remove_termination_listener(tell)
                            await connection.remove_listener(_CHANNEL, tell)
            except _AWAY as away:
                log.warning("changes are not announced", fault=type(away).__name__)
                told.clear()
                yield
                # Nothing is heard until there is a line again.
                await _waited(told, min(patience, _DEAF))

    async def enact(self, deliberations: Sequence[Deliberation]) -> int:
        """Add what is not there yet, all or none; how many rows that made.

        Fails with VersionAltered, LegalContextOwned and AccessionOverlaps.
        """
        try:
            return await retrying(lambda: self._enact(deliberations))
        except asyncpg.ExclusionViolationError as violation:
            raise AccessionOverlaps from violation
        except asyncpg.UniqueViolationError as violation:
            raise LegalContextOwned from violation

    async def _read(self) -> Holdings:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            revision = await connection.fetchval(SQL.get_revision)
            standings = await connection.fetch(SQL.list_standings)
            accessions = await connection.fetch(SQL.list_accessions)
            keys = [(row["number"], row["version"]) for row in standings]
            new = rows.columns_of([key for key in keys if key not in self._read_before], 2)
            texts = await connection.fetch(SQL.list_texts, *new)
        # Beside the loop: thousands of texts take seconds, and decisions go on meanwhile.
        known = await asyncio.to_thread(self._known, texts, standings, accessions)
        self._read_before = known
        return Holdings(tuple(known.values()), revision)

    def _known(
        self,
        texts: Sequence[asyncpg.Record],
        standings: Sequence[asyncpg.Record],
        accessions: Sequence[asyncpg.Record],
    ) -> dict[tuple[str, int], Deliberation]:
        read = {(one.number, one.version): one for one in rows.deliberations(texts, ())}
        return rows.moved_on({**self._read_before, **read}, standings, accessions)

    async def _enact(self, texts: Sequence[Deliberation]) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL.lock_deliberations)
            return await add(connection, texts)


async def add(connection: Any, texts: Sequence[Deliberation]) -> int:
    """Add deliberations with their legal contexts and accessions, in a transaction that has the
    lock; how many rows that made."""
    keys = rows.columns_of([(one.number, one.version, one.digest) for one in texts], 3)
    if altered := await connection.fetch(SQL.find_altered, *keys):
        facts = {"number": altered[0]["number"], "version": str(altered[0]["version"])}
        raise VersionAltered(facts=facts)
    contexts = rows.context_columns(texts)
    if owned := await connection.fetch(SQL.find_owned, *contexts):
        raise LegalContextOwned(facts={"legal_context": owned[0]["legal_context"]})
    columns = rows.deliberation_columns(texts)
    made = len(await connection.fetch(SQL.add_deliberations, *columns))
    made += len(await connection.fetch(SQL.own_legal_contexts, *contexts))
    acceded = rows.accession_columns({one.number: one.accessions for one in texts})
    return made + len(await connection.fetch(SQL.add_accessions, *acceded))


async def _waited(told: asyncio.Event, patience: timedelta) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience.total_seconds()):
            await told.wait()

"""PostgreSQL: a pool, statements from `.sql` files, and what is tried again."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import aiosql
import asyncpg
import structlog

from services.kit.errors import StoreUnavailable
from services.kit.meters import hide_pool, show_pool
from services.kit.sessions import LOST, arguments, leads, notice_silence

__all__ = ["LOST", "pool", "retrying", "statements"]

log = structlog.get_logger()

T = TypeVar("T")

SCHEMA = "schema.sql"
"""Beside the statements: what the database looks like, to be read."""
CONNECT_PATIENCE = 30.0
"""Seconds that a starting process waits for its database."""
ATTEMPTS = 4
"""How often work is tried in all."""
BACKOFF = 0.02
"""Seconds before the second attempt; doubled for each further one."""
LIFE = timedelta(minutes=5)
"""How long a connection is used: where the name of a server leads may change without a word."""

CONTENDED: tuple[type[Exception], ...] = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
"""SQLSTATE 40001 and 40P01: the work lost against other work and may be done again."""

UNSTORABLE: tuple[type[Exception], ...] = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
)
"""SQLSTATE 22021 and 22P05: a text holds what the database cannot, as NUL."""

_AWAY: tuple[type[Exception], ...] = (*LOST, OSError)
_REPEATED: tuple[type[Exception], ...] = (*LOST, *CONTENDED, asyncpg.InterfaceError)


@asynccontextmanager
async def pool(
    dsn: str, *, name: str, most: int = 4, life: timedelta = LIFE, holds: bool = False
) -> AsyncIterator[asyncpg.Pool]:
    """At most that many connections, named in `pg_stat_activity`, open during the block.

    Waits a while for a database that is only starting; then StoreUnavailable. A connection is left
    when its server does not lead any more, and after its life.

    Where sessions may be left holding a lock, listening or set otherwise (`holds`), all that is
    given up before another uses one; that is a statement more after each. A transaction that was
    left open is rolled back in any case.
    """
    opened = await _opened(dsn, name, most, holds)
    renewing = asyncio.create_task(_renewed(opened, life))
    show_pool(name, opened.get_size, opened.get_idle_size, opened.get_max_size())
    try:
        yield opened
    finally:
        hide_pool(name)
        renewing.cancel()
        await asyncio.wait([renewing])
        try:
            async with asyncio.timeout(5):
                await opened.close()
        except TimeoutError:
            opened.terminate()


async def _opened(dsn: str, name: str, most: int, holds: bool) -> asyncpg.Pool:
    wait = 0.1
    try:
        async with asyncio.timeout(CONNECT_PATIENCE):
            while True:
                try:
                    return await _made(dsn, name, most, holds)
                except _AWAY as fault:
                    log.warning("waiting for the database", fault=type(fault).__name__)
                await asyncio.sleep(wait)
                wait = min(2 * wait, 2.0)
    except TimeoutError:
        raise StoreUnavailable from None


async def _made(dsn: str, name: str, most: int, holds: bool) -> asyncpg.Pool:
    async def begun(connection: asyncpg.Connection) -> None:
        notice_silence(connection)

    async def used(connection: asyncpg.Connection) -> None:
        if holds:
            await connection.reset()
        if not leads(connection):
            log.warning("the database does not lead any more", pool=name)
            await made.expire_connections()
            connection.terminate()

    made: asyncpg.Pool = asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=most,
        max_inactive_connection_lifetime=0,
        statement_cache_size=256,
        init=begun,
        reset=used,
        **arguments(name),
    )
    return await made


async def _renewed(opened: asyncpg.Pool, life: timedelta) -> None:
    """Let no connection live longer, until cancelled."""
    while True:
        await asyncio.sleep(life.total_seconds())
        await opened.expire_connections()


def statements(package: str) -> SimpleNamespace:
    """The statements of `<package>/sql/*.sql` by name, as text with `$1` parameters.

    A file is a list of statements, each after a line `-- name: locate_dossiers`.
    """
    folder = Path(str(importlib.import_module(package).__file__)).parent / "sql"
    # It guesses from their texts what statements return, and says so; we only want the texts.
    logging.getLogger("aiosql").setLevel(logging.ERROR)
    texts: dict[str, str] = {}
    for file in sorted(one for one in folder.glob("*.sql") if one.name != SCHEMA):
        queries = aiosql.from_path(file, "asyncpg", kwargs_only=False, mandatory_parameters=False)
        for name in queries.available_queries:
            if name.endswith("_cursor"):
                continue
            if name in texts:
                raise ValueError(f"{file.name} names {name} a second time")
            texts[name] = getattr(queries, name).sql
    return SimpleNamespace(**texts)


async def retrying(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, again if it lost a race or its connection; then StoreUnavailable.

    The work must be safe to repeat: a lost connection does not say whether a commit took place.
    """
    wait = BACKOFF
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await work()
        except _REPEATED as fault:
            if isinstance(fault, asyncpg.InterfaceError) and not _closed(fault):
                raise
            if attempt == ATTEMPTS:
                log.error("store away", fault=type(fault).__name__)
                raise StoreUnavailable from None
            log.warning("store failed, trying again", fault=type(fault).__name__, attempt=attempt)
        except OSError as fault:
            raise StoreUnavailable from fault
        except asyncpg.InsufficientResourcesError as fault:
            # No room on its disk, among others: nothing was done, and only its operator can help.
            log.error("store has no room", fault=type(fault).__name__)
            raise StoreUnavailable from fault
        await asyncio.sleep(wait)
        wait *= 2
    raise StoreUnavailable


def _closed(fault: asyncpg.InterfaceError) -> bool:
    """Whether the driver means a lost connection: it uses one class for that and for misuse."""
    return "connection is closed" in str(fault) or "connection was closed" in str(fault)

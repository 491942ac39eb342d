"""The tiles and the notes of the log in its database, where machines share no folder."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import asyncpg

from services.kit.postgres import pool, retrying, statements
from services.kit.tlog.storage import FolderStorage, Outrun, Storage

SQL = statements("services.audit")
T = TypeVar("T")

SESSIONS = 2
"""How many objects are read at once."""


@dataclass(frozen=True)
class PostgresStorage:
    """The table of the log's objects, for those who wait in threads of their own, as for files."""

    dsn: str = field(repr=False)

    def read(self, name: str) -> bytes | None:
        """What is there under a name; nothing if nothing is."""
        content: bytes | None = self._done(lambda one: one.fetchval(SQL.find_log_object, name))
        return content

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, by the last part of its name."""
        rows = self._done(lambda one: one.fetch(SQL.list_log_objects, folder))
        found = [row["name"].removeprefix(f"{folder}/") for row in rows]
        return [name for name in found if "/" not in name]

    def write(self, objects: Mapping[str, bytes]) -> None:
        """Put objects under their names, durable when this returns."""
        names, contents = list(objects), list(objects.values())
        self._done(lambda one: one.execute(SQL.put_log_objects, names, contents))

    def replace(self, name: str, before: bytes | None, after: bytes) -> None:
        """Put one in the place of what was read there, durable when this returns; or Outrun."""
        if before == after:
            return
        given = (name, after) if before is None else (name, after, before)
        statement = SQL.add_log_object if before is None else SQL.replace_log_object
        if self._done(lambda one: one.fetchval(statement, *given)) is None and (
            # A connection that was lost does not say whether this was done before it was.
            self.read(name) != after
        ):
            raise Outrun

    def remove(self, folders: Sequence[str]) -> None:
        """Remove folders with all that is in them; none of them need be there."""
        if folders:
            self._done(lambda one: one.execute(SQL.remove_log_objects, list(folders)))

    def close(self) -> None:
        """Give up the sessions of this process."""
        _sessions(self.dsn).close()

    def _done(self, work: Callable[[asyncpg.Pool], Awaitable[T]]) -> T:
        return _sessions(self.dsn).run(work)


def storage_of(folder: Path | None, dsn: str) -> Storage:
    """Where the tiles and the notes of a log are: a folder, or else its database."""
    return PostgresStorage(dsn) if folder is None else FolderStorage(folder)


class _Sessions:
    """Sessions of this process with one database, kept by a thread with a loop of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._loop = asyncio.new_event_loop()
        self._opening = asyncio.Lock()
        self._held = AsyncExitStack()
        self._opened: asyncpg.Pool | None = None
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="log objects", daemon=True
        )
        self._thread.start()

    def run(self, work: Callable[[asyncpg.Pool], Awaitable[T]]) -> T:
        """Do the work and wait for it; StoreUnavailable if there is none."""
        return asyncio.run_coroutine_threadsafe(self._retried(work), self._loop).result()

    async def _retried(self, work: Callable[[asyncpg.Pool], Awaitable[T]]) -> T:
        async with self._opening:
            if self._opened is None:
                opening = pool(self._dsn, name="log objects", most=SESSIONS)
                self._opened = await self._held.enter_async_context(opening)
        opened = self._opened

        return await retrying(lambda: work(opened))

    def close(self) -> None:
        """Close the sessions and end the thread; whoever asks again begins anew."""
        _sessions.cache_clear()
        asyncio.run_coroutine_threadsafe(self._held.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@lru_cache(maxsize=1)
def _sessions(dsn: str) -> _Sessions:
    return _Sessions(dsn)

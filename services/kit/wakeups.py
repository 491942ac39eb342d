"""Waking whoever waits for new rows: LISTEN and NOTIFY, with a slow sweep as the safety net.

What wakes is sent after the commit of the data, gathered, in a transaction of its own: a NOTIFY in
the transaction of the data would make all commits of the server wait for each other. It may get
lost with a crash or a connection; the sweep wakes everybody now and then, so that nothing waits for
ever.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import structlog

from services.kit.meters import WAKEUPS_AGE, WAKEUPS_WAITING
from services.kit.sessions import LOST, session, still_leads

log = structlog.get_logger()


class StandsBy(Exception):
    """The server does not lead any more, so nothing is notified there."""


_AWAY: tuple[type[Exception], ...] = (
    *LOST,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
    StandsBy,
)
_WAIT = 0.5
"""Seconds until a lost session is begun again."""
_PATIENCE = 10.0
"""Seconds that a statement may take."""
_QUEUE = "select pg_notification_queue_usage()"
_ANNOUNCE = "select pg_notify($1, key) from unnest($2::text[]) as t(key)"


@dataclass
class Wakeups:
    """Wakes who waits for a key, in this process and in all others that listen on the channel."""

    dsn: str
    channel: str
    sweep: timedelta = timedelta(seconds=10)
    """How often everybody is woken, and how often the connection is asked whether it lives."""
    gathering: timedelta = timedelta(milliseconds=50)
    """How long wake-ups wait for each other."""
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    _announced: set[str] = field(default_factory=set)
    _some: asyncio.Event = field(default_factory=asyncio.Event)
    _looked_at: float = 0.0
    """When the session was last found to live."""

    @asynccontextmanager
    async def waiter(self, key: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever the key was announced; who waits clears it."""
        woken = asyncio.Event()
        self._waiting.setdefault(key, set()).add(woken)
        try:
            yield woken
        finally:
            left = self._waiting[key]
            left.discard(woken)
            if not left:
                del self._waiting[key]

    def announce(self, keys: Iterable[str]) -> None:
        """Wake who waits for one of the keys, soon; keys are identifications, never persons'."""
        self._announced.update(keys)
        if self._announced:
            self._some.set()

    async def keep(self) -> None:
        """Listen and announce until cancelled; a lost connection is made again."""
        self._looked_at = time.monotonic()
        WAKEUPS_AGE.labels(self.channel).set_function(lambda: time.monotonic() - self._looked_at)
        while True:
            try:
                await self._listen()
            except _AWAY as fault:
                log.warning("not woken for a moment", fault=type(fault).__name__)
            await asyncio.sleep(_WAIT)

    async def _listen(self) -> None:
        async with session(self.dsn, name="wakeups", command_timeout=_PATIENCE) as connection:
            connection.add_termination_listener(lambda _: self._some.set())
            # A wake-up may get lost: no commit waits for the disk.
            await connection.execute("set synchronous_commit = off")
            # Listen first, then wake everybody: what was announced in between is not missed.
            await connection.add_listener(self.channel, self._heard)
            loop = asyncio.get_running_loop()
            due = loop.time()
            while True:
                if loop.time() >= due:
                    await self._look(connection)
                    due = loop.time() + self.sweep.total_seconds()
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(due):
                        await self._some.wait()
                if connection.is_closed():
                    raise ConnectionError
                if self._announced:
                    await self._send(connection)
                self._some.clear()

    async def _look(self, connection: asyncpg.Connection) -> None:
        """Ask whether the server is still one that notifies, and wake everybody."""
        if not await still_leads(connection):
            raise StandsBy
        WAKEUPS_WAITING.labels(self.channel).set(await connection.fetchval(_QUEUE))
        self._looked_at = time.monotonic()
        for events in self._waiting.values():
            for woken in events:
                woken.set()

    async def _send(self, connection: asyncpg.Connection) -> None:
        await asyncio.sleep(self.gathering.total_seconds())
        keys, self._announced = self._announced, set()
        try:
            await connection.execute(_ANNOUNCE, self.channel, list(keys))
        except BaseException:
            # They are announced on the next connection.
            self.announce(keys)
            raise

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for woken in self._waiting.get(str(payload), ()):
            woken.set()

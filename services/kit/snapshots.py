"""What another service owns and this one decides on, kept in memory: polled with the digest of what
is here, so that nothing travels while nothing changes, and trusted for a bounded time only."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Generic, TypeVar

import structlog

from services.concepts.failures import Failure
from services.kit.errors import ReferenceStale

T = TypeVar("T")
SOON = 0.2
"""Seconds until a process that has nothing yet looks again."""
EVERY = timedelta(seconds=1)
"""How often to look."""
TRUSTED = timedelta(seconds=45)
"""How old what was read may be to be decided on; what is withdrawn ends within a minute."""

log = structlog.get_logger()

Read = Callable[[bytes], Awaitable[tuple[bytes, T | None]]]
"""Given the digest of what is here: the digest of what is there, and that if it is another."""


class Snapshots(Generic[T]):
    """Keeps what was last read, for at most `trusted` long."""

    def __init__(
        self,
        read: Read[T],
        *,
        every: timedelta = EVERY,
        trusted: timedelta = TRUSTED,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._read = read
        self._every = every.total_seconds()
        self._trusted = trusted.total_seconds()
        self._timer = timer
        self._digest = b""
        self._held: T | None = None
        self._read_at = -float("inf")

    def current(self) -> T:
        """What was last read; fails rather than give what is too old."""
        if self._held is None or not self.fresh():
            raise ReferenceStale
        return self._held

    def fresh(self) -> bool:
        """Whether it was read recently enough to decide on."""
        return self.age() <= self._trusted

    def age(self) -> float:
        """Seconds since it was read; endless before it was."""
        return self._timer() - self._read_at

    async def refresh(self) -> None:
        """Look once."""
        begun_at = self._timer()
        digest, found = await self._read(self._digest)
        if found is not None:
            self._digest, self._held = digest, found
        self._read_at = begun_at

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Failure as away:
                log.warning("reference data not read", reason=away.reason())
            await asyncio.sleep(self._every if self._held is not None else min(self._every, SOON))

"""Lanes of work: each takes a chunk, ends it, takes the next, and gives way while others wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from services.concepts.failures import Failure
from services.routing.batches.usecases.ports import WORK, Wakeups

CALM = 2.0
"""How many times its quickest a peer may take to answer before work pauses."""
LONGEST_PAUSE = 2.0
"""Seconds."""
FORGETTING = 1.02
"""By how much the quickest is thought slower with each look, so that it is not for ever."""
log = structlog.get_logger()


@dataclass
class Pace:
    """How long to pause after work, by how long peers take to answer something small: what queues
    before it are the consultations of others (as background transport does it, RFC 6817)."""

    quickest: float = float("inf")

    def pause(self, took: float, worked: float) -> float:
        """Seconds to pause after so many seconds of work, when a small question took so long."""
        self.quickest = min(took, self.quickest * FORGETTING)
        strain = took / max(self.quickest, 0.0005)
        return min(LONGEST_PAUSE, max(0.0, strain - CALM) * worked)


@dataclass
class Lanes:
    """Works on chunks until told to stop, then ends those that are begun."""

    step: Callable[[], Awaitable[bool]]
    ask: Callable[[], Awaitable[object]]
    """Asks something small of a peer that consultations ask too."""
    wakeups: Wakeups
    count: int
    rest: timedelta
    """How long to rest after a fault."""
    pace: Pace = field(default_factory=Pace)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _working: set[asyncio.Task[bool]] = field(default_factory=set)

    async def keep(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            for _ in range(self.count):
                lanes.create_task(self._lane())

    async def stop(self) -> None:
        """Take nothing new, and wait until what was begun is ended."""
        self._stopping.set()
        while self._working:
            await asyncio.wait(self._working)

    async def _lane(self) -> None:
        async with self.wakeups.waiter(WORK) as woken:
            while not self._stopping.is_set():
                woken.clear()
                work: asyncio.Task[bool] = asyncio.ensure_future(self._once())
                self._working.add(work)
                try:
                    found = await work
                finally:
                    self._working.discard(work)
                if not found:
                    waits = [asyncio.ensure_future(one.wait()) for one in (woken, self._stopping)]
                    try:
                        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        for one in waits:
                            one.cancel()

    async def _once(self) -> bool:
        begun = time.monotonic()
        try:
            found = await self.step()
        except Failure as away:
            log.warning("batches not worked on", reason=away.reason())
            await asyncio.sleep(self.rest.total_seconds())
            return True
        worked = time.monotonic() - begun
        if found:
            await asyncio.sleep(self.pace.pause(await self._asked(), worked))
        return found

    async def _asked(self) -> float:
        begun = time.monotonic()
        with suppress(Failure):
            await self.ask()
        return time.monotonic() - begun

"""Looks whether the log keeps up, and closes recording when it does not: whoever makes the log grow
cannot be trusted to say that it stands."""

import asyncio
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from services.audit.errors import LogStandsStill, LogUnsigned
from services.audit.trail.model import Progress, Signed
from services.kit import telemetry
from services.kit.errors import StoreUnavailable
from services.kit.tlog.notes import NoteInvalid

log = structlog.get_logger()

MERGE_DELAY = 5.0
"""Seconds within which every record is in the signed log; later is an alarm."""
TOLD_AGAIN = 60.0
"""Seconds before the same is logged again."""
INTERVAL = 1.0
"""Seconds between two looks."""


class Places(Protocol):
    """Where it is seen whether the log has taken all."""

    async def progress(self) -> Progress:
        """How far the log has grown, and whether there is more to take."""


class Signature(Protocol):
    """Where it is seen what is signed."""

    async def signed(self) -> Signed:
        """What the log vouches for now, or LogUnsigned."""


@dataclass
class Standstill:
    """For how long the log has stood at a place although there was more to take or to sign."""

    at: Hashable | None = None
    since: float = 0.0

    def seen(self, at: Hashable | None, now: float) -> float:
        """Seconds that it stands by now."""
        if at is None or at != self.at:
            self.at, self.since = at, now
        return now - self.since if at is not None else 0.0


@dataclass
class Watch:
    """Measures, raises the alarm, and closes recording when nobody has signed for too long: what is
    never signed can be bent without anybody seeing it."""

    places: Places
    signature: Signature
    patience: timedelta
    """How long the log may stand before nothing is recorded any more."""
    clock: Callable[[], float] = time.monotonic
    _standstill: Standstill = field(default_factory=Standstill)
    _is_open: bool = True
    _told_at: float = float("-inf")

    def is_open(self) -> bool:
        """Whether records are taken."""
        return self._is_open

    def check(self) -> None:
        """LogStandsStill if records are not taken."""
        if not self._is_open:
            raise LogStandsStill

    async def keep(self) -> None:
        """Look every second, for ever."""
        meter = telemetry.meter()
        gauge = meter.create_gauge(
            "cbss.audit.merge.lag",
            unit="s",
            description="Seconds for which the signed log has stood with more to take.",
        )
        late = meter.create_counter(
            "cbss.audit.merge.alarms",
            description="Looks at which the log had stood for longer than it may.",
        )
        late.add(0)
        closed = meter.create_gauge(
            "cbss.audit.recording.closed",
            description="1 while nothing is recorded, for nobody signs: there are no exchanges.",
        )
        while True:
            # A store that is away says so itself; here it means that nothing is known.
            with suppress(StoreUnavailable):
                seconds = await self.look()
                gauge.set(seconds)
                closed.set(0 if self._is_open else 1)
                if seconds > MERGE_DELAY:
                    late.add(1)
            await asyncio.sleep(INTERVAL)

    async def look(self) -> float:
        """Seconds that the log stands by now; opens or closes recording."""
        progress = await self.places.progress()
        try:
            size = (await self.signature.signed()).size
        except (LogUnsigned, NoteInvalid):
            size = 0
        is_behind = progress.is_waiting or size < progress.size
        at = (progress.last_sequence, progress.size, size) if is_behind else None
        now = self.clock()
        seconds = self._standstill.seen(at, now)
        was_open, self._is_open = self._is_open, seconds <= self.patience.total_seconds()
        if was_open != self._is_open:
            log.error("recording closed" if was_open else "recording open again")
        if seconds > MERGE_DELAY and now - self._told_at >= TOLD_AGAIN:
            self._told_at = now
            log.error("the log does not grow", seconds=round(seconds, 1))
        return seconds

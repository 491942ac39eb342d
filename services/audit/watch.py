"""Looks whether the log keeps up: whoever makes it grow cannot be trusted to say that it stands."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from services.kit import telemetry
from services.kit.errors import StoreUnavailable

log = structlog.get_logger()

MERGE_DELAY = 5.0
"""Seconds within which every record is in the signed log; later is an alarm."""
INTERVAL = 1.0
"""Seconds between two looks."""


class Places(Protocol):
    """Where it is seen whether the log has taken all."""

    async def waiting(self) -> int | None:
        """The place up to which the log has taken records, if there are more; else nothing."""


@dataclass
class Standstill:
    """For how long the log has stood at a place although there was more to take."""

    at: int | None = None
    since: float = 0.0

    def seen(self, at: int | None, now: float) -> float:
        """Seconds that it stands by now."""
        if at is None or at != self.at:
            self.at, self.since = at, now
        return now - self.since if at is not None else 0.0


@dataclass(frozen=True)
class Watch:
    """Measures, and raises the alarm."""

    places: Places

    async def keep(self) -> None:
        """Look every second, for ever."""
        meter = telemetry.meter()
        gauge = meter.create_gauge("cbss.audit.merge.lag", unit="s")
        late = meter.create_counter("cbss.audit.merge.alarms")
        standstill = Standstill()
        while True:
            # A store that is away says so itself; here it means that nothing is known.
            with suppress(StoreUnavailable):
                seconds = standstill.seen(await self.places.waiting(), time.monotonic())
                gauge.set(seconds)
                if seconds > MERGE_DELAY:
                    late.add(1)
                    log.error("the log does not grow", seconds=round(seconds, 1))
            await asyncio.sleep(INTERVAL)

"""Looks whether the log keeps up, and whether officers do: whoever makes the log grow cannot be
trusted to say that it stands, nor an officer that he did not answer."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from services.kit import telemetry
from services.kit.errors import StoreUnavailable

log = structlog.get_logger()

MERGE_DELAY = 5.0
"""Seconds within which every record is in the signed log; later is an alarm."""
INTERVAL = 1.0
"""Seconds between two looks."""
ALERTS_INTERVAL = 60.0
"""Seconds between two looks at what officers left."""


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


class Alerts(Protocol):
    """Counts what officers left."""

    async def count_unanswered(self, due_before: date) -> int:
        """How many were due before a day and have no answer."""


@dataclass(frozen=True)
class AlertsWatch:
    """Measures how many alerts were not answered in time, so that the committee is called."""

    alerts: Alerts
    today: Callable[[], date]

    async def keep(self) -> None:
        """Look every minute, for ever."""
        gauge = telemetry.meter().create_gauge("cbss.audit.alerts.unanswered")
        while True:
            # A store that is away says so itself.
            with suppress(StoreUnavailable):
                left = await self.look()
                gauge.set(left)
            await asyncio.sleep(ALERTS_INTERVAL)

    async def look(self) -> int:
        """How many were not answered in time."""
        left = await self.alerts.count_unanswered(self.today())
        if left:
            log.warning("alerts without an answer", count=left)
        return left

"""Looks whether officers answer: an officer cannot be trusted to say that he did not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from services.kit import telemetry
from services.kit.errors import StoreUnavailable

log = structlog.get_logger()

ALERTS_INTERVAL = 60.0
"""Seconds between two looks at what officers left."""


class Alerts(Protocol):
    """Counts what officers left."""

    async def count_unanswered(self, due_before: date) -> int:
        """How many were due before a day and have no answer."""


class Reports(Protocol):
    """Counts what sources left."""

    async def count_overdue(self, due_before: date) -> int:
        """How many were due before a day and are not decided."""


@dataclass(frozen=True)
class AlertsWatch:
    """Measures how many alerts were not answered in time, so that the committee is called."""

    alerts: Alerts
    reports: Reports
    today: Callable[[], date]

    async def keep(self) -> None:
        """Look every minute, for ever."""
        unanswered = telemetry.meter().create_gauge(
            "cbss.audit.alerts.unanswered",
            description="Alerts that no officer answered in time.",
        )
        overdue = telemetry.meter().create_gauge(
            "cbss.audit.error_reports.overdue",
            description="Reports of errors that no source decided on in time.",
        )
        while True:
            # A store that is away says so itself.
            with suppress(StoreUnavailable):
                unanswered.set(await self.look())
                overdue.set(await self.reports.count_overdue(self.today()))
            await asyncio.sleep(ALERTS_INTERVAL)

    async def look(self) -> int:
        """How many were not answered in time."""
        left = await self.alerts.count_unanswered(self.today())
        if left:
            log.warning("alerts without an answer", count=left)
        return left

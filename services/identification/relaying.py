"""The work beside the server: what was replaced reaches the trail, however often that takes."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.concepts.failures import Failure
from services.identification.usecases.replacements import Relay

log = structlog.get_logger()


@dataclass(frozen=True)
class Relaying:
    """Relays now and then, until cancelled."""

    relay: Relay
    every: timedelta

    async def keep(self) -> None:
        """Relay until cancelled; who is away is told later."""
        while True:
            try:
                while await self.relay.relay_replacements():
                    pass
            except Failure as away:
                log.warning("replacements not told yet", reason=away.reason())
            await asyncio.sleep(self.every.total_seconds())

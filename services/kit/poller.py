"""Work beside a server that is done in rounds: all there is to do, then a pause."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.concepts.failures import Failure
from services.kit.meters import ROUND_AGE

log = structlog.get_logger()


@dataclass(frozen=True)
class Poller:
    """Does a round now and then, until cancelled."""

    step: Callable[[], Awaitable[int]]
    """Does some of the work; how much, nothing when all is done."""
    every: timedelta
    undone: str
    """What the log reads when somebody needed is away; names the work in metrics too."""

    async def keep(self) -> None:
        """Do rounds until cancelled; what could not be done is done later."""
        done_at = time.monotonic()
        ROUND_AGE.labels(self.undone).set_function(lambda: time.monotonic() - done_at)
        while True:
            try:
                while await self.step():
                    pass
                done_at = time.monotonic()
            except Failure as away:
                log.warning(self.undone, reason=away.reason())
            await asyncio.sleep(self.every.total_seconds())

"""The work beside the server: dossiers follow the numbers of persons."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.concepts.failures import Failure
from services.directory.usecases import Following

log = structlog.get_logger()


@dataclass(frozen=True)
class Follower:
    """Follows now and then, until cancelled."""

    following: Following
    every: timedelta

    async def keep(self) -> None:
        """Follow until cancelled; when the feed is away what it holds comes later."""
        while True:
            try:
                while await self.following.follow_replacements():
                    pass
            except Failure as away:
                log.warning("replacements not followed yet", reason=away.reason())
            await asyncio.sleep(self.every.total_seconds())

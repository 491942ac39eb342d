"""Keeps a sample of what is really asked, for dry runs. It may be lost; a decision never waits."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import structlog

from services.access.usecases.decisions import Access
from services.concepts.failures import Unavailable

log = structlog.get_logger()

KEPT_FOR = timedelta(days=92)
"""How long the sample is kept: a quarter, in which most purposes are used at least once."""


class Sample(Protocol):
    """Keeps what was really asked: questions as they travel, which name no person."""

    async def count(self, day: date, asked: Mapping[bytes, int]) -> None: ...

    async def most_asked(self, most: int) -> Sequence[tuple[date, bytes, int]]: ...

    async def purge(self, before: date) -> None: ...


@dataclass(frozen=True, slots=True)
class Sampling:
    """Moves counts from the process into the sample."""

    access: Access
    sample: Sample
    today: Callable[[], date]
    interval: timedelta

    async def keep(self) -> None:
        """Move them again and again, until cancelled."""
        while True:
            await asyncio.sleep(self.interval.total_seconds())
            await self.move()

    async def move(self) -> None:
        """Move what was counted so far; what the store cannot take now is lost."""
        counted = self.access.drain_asked()
        if not counted:
            return
        try:
            for day, asked in counted.items():
                await self.sample.count(day, asked)
            await self.sample.purge(self.today() - KEPT_FOR)
        except Unavailable as away:
            log.warning("questions not kept for dry runs", reason=away.reason())

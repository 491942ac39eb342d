"""Expiring: what nobody acknowledged in its time goes, and is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from services.concepts.enterprise_number import EnterpriseNumber

MOST = 1000
"""How many rows go in one statement."""

log = structlog.get_logger()


class Store(Protocol):
    """Keeps notices."""

    async def expire(self, now: datetime, most: int) -> Mapping[EnterpriseNumber, int]:
        """Drop notices whose time is over; how many of each subscriber's."""

    async def count_halted(self, bound: int) -> int:
        """How many subscribers have that many notices waiting."""

    async def purge(self, published_before: datetime, most: int) -> int:
        """Delete contents that nobody waits for, and what was published before an instant."""


@dataclass(frozen=True)
class Halts:
    """Tells how many subscribers hold up their own notices: too many are not acknowledged."""

    store: Store
    bound: int
    tell: Callable[[int], None]

    async def step(self) -> int:
        """Look once; nothing is left to do."""
        self.tell(await self.store.count_halted(self.bound))
        return 0


@dataclass(frozen=True)
class Expiry:
    """Lets go of what need not be kept."""

    store: Store
    now: Callable[[], datetime]
    references_kept: timedelta
    tell: Callable[[int], None] = lambda _: None
    """Told how many notices expired."""

    async def step(self) -> int:
        """Do some of it; how many rows went, nothing when all is done."""
        now = self.now()
        expired = await self.store.expire(now, MOST)
        for subscriber, count in expired.items():
            # The operator reads it here, the subscriber's officer in ListNotices.
            log.warning("notices expired", subscriber=subscriber.digits, count=count)
        self.tell(sum(expired.values()))
        return sum(expired.values()) + await self.store.purge(now - self.references_kept, MOST)

"""Looks how fresh the feeds are: a source that stopped feeding does not say so."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from prometheus_client import Gauge

from services.buffer.model import Feed, FeedKey
from services.kit.clock import Clock
from services.kit.errors import StoreUnavailable

AGE = Gauge(
    "cbss_buffer_feed_age_seconds",
    "Seconds since the newest of the facts of a feed was so, by who feeds it and what.",
    ["supplier", "fact_type"],
)
INTERVAL = 30.0
"""Seconds between two looks."""
MOST = 1000
"""Feeds that are looked at: pairs of places in the network and types of fact, both listed."""


class Feeds(Protocol):
    """Knows the feeds."""

    async def feeds(self, after: FeedKey | None, most: int, today: date) -> Sequence[Feed]:
        """Feeds in the order of their keys, after one of them."""


@dataclass(frozen=True)
class FeedsWatch:
    """Measures again and again."""

    store: Feeds
    now: Clock
    today: Callable[[], date]

    async def keep(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            # A store that is away says so itself.
            with suppress(StoreUnavailable):
                await self.look()
            await asyncio.sleep(INTERVAL)

    async def look(self) -> None:
        """Measure once."""
        for feed in await self.store.feeds(None, MOST, self.today()):
            age = (self.now() - feed.as_of).total_seconds()
            AGE.labels(str(feed.key.supplier), feed.key.fact_type).set(age)

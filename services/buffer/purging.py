"""What may not be kept is forgotten, round after round, and what is left of it is counted.

Source: Act of 25 December 2016, articles 29 and 30: on possible beneficiaries only, for a time.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from prometheus_client import Gauge

from services.buffer.model import Looked
from services.concepts.ssin import Ssin

BEYOND = Gauge(
    "cbss_buffer_beyond",
    "What the last whole look found that may not be kept: rows expired, persons no right concerns.",
    ["what"],
)
AT_ONCE = 5000
"""Rows that are deleted, and persons that are looked at, at once."""


class Kept(Protocol):
    """What is kept, as far as it may not be."""

    async def purge(self, today: date, most: int) -> int:
        """Delete what has expired; how many rows, at most so many of each kind."""

    async def look(
        self, after: Ssin | None, most: int, today: date, base: Collection[str]
    ) -> Looked:
        """The next persons by number, and which of them are kept beyond what may be."""

    async def drop(self, persons: Collection[Ssin], today: date, base: Collection[str]) -> int:
        """Forget those of some persons whom no right can concern; how many."""


@dataclass
class Purging:
    """Forgets in steps: first what has expired, then person by person."""

    kept: Kept
    base: Collection[str]
    """Kinds of facts that make nobody a possible beneficiary."""
    today: Callable[[], date]
    _after: Ssin | None = field(default=None, init=False)
    _expired: int = field(default=0, init=False)
    _strangers: int = field(default=0, init=False)

    async def step(self) -> int:
        """Some of it; how much was looked at, nothing when a round is done."""
        today = self.today()
        if gone := await self.kept.purge(today, AT_ONCE):
            return gone
        looked = await self.kept.look(self._after, AT_ONCE, today, self.base)
        self._expired += looked.expired
        dropped = 0
        if looked.strangers:
            dropped = await self.kept.drop(looked.strangers, today, self.base)
        # Whom somebody fed a status of meanwhile is none any more, and counted as one only once.
        self._strangers += max(0, len(looked.strangers) - dropped)
        if looked.persons:
            self._after = looked.persons[-1]
            return len(looked.persons)
        BEYOND.labels("expired").set(self._expired)
        BEYOND.labels("stranger").set(self._strangers)
        self._after, self._expired, self._strangers = None, 0, 0
        return 0

    async def check(self, after: Ssin | None, most: int) -> Looked:
        """What is kept of the next persons beyond what may be."""
        return await self.kept.look(after, most, self.today(), self.base)

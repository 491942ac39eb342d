"""Telling what was replaced: to those who pull, and to the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.identification.model.replacements import Replacement

MOST_TOLD = 100
"""Replacements that are told to the trail before looking again."""


class Feed(Protocol):
    """What was replaced, in order."""

    async def replacements(self, after: int, most: int) -> Sequence[Replacement]:
        """What was replaced after a sequence, in order."""


class Outbox(Protocol):
    """What the trail must still be told."""

    async def list_untold(self, most: int) -> Sequence[Replacement]:
        """What the trail has not been told yet, in order."""

    async def mark_told(self, replacement: Replacement) -> None:
        """Note that the trail has it."""


class Trail(Protocol):
    """Finds the records on either number, once it knows of the replacement."""

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make it durable; telling it again changes nothing."""


@dataclass(frozen=True)
class Replacements:
    """The feed of replacements."""

    feed: Feed

    async def list_replacements(self, after: int, most: int) -> Sequence[Replacement]:
        """What was replaced after a sequence, in order."""
        return await self.feed.replacements(after, most)


@dataclass(frozen=True)
class Relay:
    """Tells the trail of every replacement, at least once and in order."""

    outbox: Outbox
    trail: Trail

    async def relay_replacements(self) -> int:
        """Tell what has not been told; how many there were."""
        untold = await self.outbox.list_untold(MOST_TOLD)
        for replacement in untold:
            await self.trail.record_replacement(replacement)
            await self.outbox.mark_told(replacement)
        return len(untold)

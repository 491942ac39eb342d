"""Whether a database answers: asked now and then, whether or not anybody needs it just now."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg

from services.kit.sessions import LOST

EVERY = 0.5
"""Seconds between two questions."""
PATIENCE = 3.0
"""Seconds without an answer after which there is no database."""


@dataclass
class Pulse:
    """Follows one pool."""

    pool: asyncpg.Pool
    _answered_at: float = field(default_factory=time.monotonic)

    def beats(self) -> bool:
        """Whether the database answered a moment ago."""
        return time.monotonic() - self._answered_at < PATIENCE

    async def keep(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            with suppress(*LOST, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                async with asyncio.timeout(PATIENCE):
                    await self.pool.fetchval("select 1")
                self._answered_at = time.monotonic()
            await asyncio.sleep(EVERY)

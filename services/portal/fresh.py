"""What everybody may read and many do: made anew when it was read a while ago."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import structlog

from services.concepts.failures import Failure

FOR = 60.0
"""Seconds for which what was made is good."""
T = TypeVar("T")
log = structlog.get_logger()


class Fresh(Generic[T]):
    """Something made of what the mesh tells everybody; the last one while the mesh is away."""

    def __init__(
        self, read: Callable[[], Awaitable[list[Any]]], make: Callable[[list[Any]], T]
    ) -> None:
        self._read = read
        self._make = make
        self._made: T | None = None
        self._until = 0.0
        self._making = asyncio.Lock()

    async def get(self) -> T:
        """What there is; a Failure if it was never read."""
        async with self._making:
            if self._made is None or time.monotonic() >= self._until:
                await self._renew()
            assert self._made is not None
            return self._made

    async def _renew(self) -> None:
        try:
            read = await self._read()
            # It takes its time, and nobody else waits for it.
            self._made = await asyncio.to_thread(self._make, read)
        except (Failure, TimeoutError) as away:
            if self._made is None:
                raise
            log.warning("not read anew", because=type(away).__name__)
        self._until = time.monotonic() + FOR

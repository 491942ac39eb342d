"""The public register of deliberations, as pages: made anew when it was read a while ago."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from pages.register.site import site
from services.concepts.failures import Failure

FRESH = 60.0
"""Seconds for which the pages are good."""
log = structlog.get_logger()


class Register:
    """The pages by their paths; the last ones while the mesh is away."""

    def __init__(self, read: Callable[[], Awaitable[list[Any]]]) -> None:
        self._read = read
        self._pages: Mapping[str, str] = {}
        self._until = 0.0
        self._making = asyncio.Lock()

    async def page(self, path: str) -> str | None:
        """A page; nothing if there is none. A Failure if the register was never read."""
        async with self._making:
            if time.monotonic() >= self._until:
                await self._make()
        return self._pages.get(path)

    async def _make(self) -> None:
        try:
            read = await self._read()
            # Hundreds of pages: nobody else waits for them.
            self._pages = await asyncio.to_thread(lambda: dict(site(read)))
        except (Failure, TimeoutError) as away:
            if not self._pages:
                raise
            log.warning("register not read", because=type(away).__name__)
        self._until = time.monotonic() + FRESH

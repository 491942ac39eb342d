"""Waiting for what will happen, without guessing how long that takes."""

import asyncio
from collections.abc import Callable

MOST_SECONDS = 60


async def until(happened: Callable[[], bool]) -> None:
    """Look again and again until it has happened; TimeoutError if it does not."""
    async with asyncio.timeout(MOST_SECONDS):
        while True:
            if happened():
                return
            await asyncio.sleep(0.002)

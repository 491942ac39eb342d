"""Waiting for what must come, without a clock in the assertion."""

import asyncio

PATIENCE = 60.0
_LOOK = 0.1


async def until(holds, patience=PATIENCE):
    """Return once something holds; TimeoutError if it takes far too long."""
    for _ in range(int(patience / _LOOK)):
        if await holds():
            return
        await asyncio.sleep(_LOOK)
    raise TimeoutError

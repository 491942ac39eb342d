"""Renews what a running sandbox shows and trusts, before it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sandbox.credentials import Vault

LONGEST = timedelta(hours=1)
"""Between two looks; what ends soon is renewed with a third of its time left."""
LOOKS = 60
"""How often is looked, at least, in the time for which a certificate is valid."""


async def renew_always(vault: Vault, valid: timedelta, tell: Callable[[str], None]) -> None:
    """Renew what ends soon, again and again, until cancelled."""
    while True:
        await asyncio.sleep(min(LONGEST, valid / LOOKS).total_seconds())
        try:
            renewed = vault.renew()
        except (OSError, ValueError) as fault:
            # A full disk, say: what is in force is still good, and a third of its time is left.
            tell(f"certificates cannot be renewed ({type(fault).__name__}), trying again")
            continue
        if renewed:
            tell(f"{len(renewed)} certificates and lists renewed")


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Work beside the block, cancelled at its end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])

"""The echo service as a process: `python -m tests.support.echo_process`."""

import asyncio

import structlog

from services.kit.serve import run, serve
from services.kit.settings import ServiceSettings, load
from tests.support.echo import CALLERS, Servicer, service

log = structlog.get_logger()

CROWD = 200
"""How many calls are held before the first of them is answered."""


class HoldingServicer(Servicer):
    """Holds calls until there is a crowd, and then long enough for a signal to arrive."""

    async def Hold(self, request: int, _context: object) -> int:
        self.held += 1
        if self.held == CROWD:
            log.info("holding")
            self.release.set()
        await self.release.wait()
        await asyncio.sleep(1.0)
        return request


async def main() -> None:
    """Serve until a signal."""
    await serve(load(ServiceSettings), [service(HoldingServicer())], CALLERS)


if __name__ == "__main__":
    run(main)

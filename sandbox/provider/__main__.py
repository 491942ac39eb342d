"""The provider, put together: `python -m sandbox.provider`."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any, cast

import structlog
from hypercorn.asyncio import serve
from hypercorn.config import Config
from joserfc.jwk import ECKey

from sandbox.institutions.personas import known_people
from sandbox.provider.app import Provider
from sandbox.provider.grants import Grants
from sandbox.provider.settings import Settings
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load

log = structlog.get_logger()


async def main() -> None:
    """Read the settings, sign people in until told to stop."""
    settings = load(Settings)
    key = ECKey.import_key(json.loads(settings.key_file.read_bytes()))
    grants = Grants(settings.issuer, settings.client, settings.audience, key)
    secret = settings.secret_file.read_text().strip()
    app = Provider(grants, settings.redirect, secret, known_people()).application()
    stopping = asyncio.Event()
    config = Config()
    config.bind = [settings.listen_address]
    config.errorlog = None
    serving = asyncio.create_task(
        serve(cast("Any", app), config, shutdown_trigger=stopping.wait, mode="asgi")
    )

    async def stop() -> None:
        stopping.set()
        await asyncio.wait([serving])

    health = Health([], {})
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(health.listen(settings.health_address))
        await opened.enter_async_context(Exposition().listen(settings.metrics_address))
        await until_stopped(stop, health, [], address=settings.listen_address)
    log.info("stopped")


if __name__ == "__main__":
    run(main)

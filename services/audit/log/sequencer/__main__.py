"""The sequencer, put together."""

from contextlib import AsyncExitStack

import structlog

from services.audit.log.sequencer.publication import Publication
from services.audit.log.sequencer.settings import Settings
from services.audit.log.sequencer.turns import Turns
from services.audit.log.sequencer.witnessing import HttpWitness
from services.audit.log.store.objects import storage_of
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load
from services.kit.telemetry import Telemetry
from services.kit.tlog.notes import Signer, Verifier
from services.kit.tlog.tiles import Tiles

log = structlog.get_logger()


async def main() -> None:
    """Read the settings, make the log grow until told to stop."""
    settings = load(Settings)
    storage = storage_of(settings.log_directory, settings.database_dsn)
    tiles = Tiles(storage)
    signer = Signer.parse(settings.log_key_file.read_text())
    witness = None
    if settings.witness_address is not None and settings.witness_key_file is not None:
        verifier = Verifier.parse(settings.witness_key_file.read_text())
        witness = HttpWitness(settings.witness_address, verifier, tiles)
    publication = Publication(storage, signer, witness)
    turns = Turns(settings.database_dsn, tiles, publication, settings.interval)
    async with AsyncExitStack() as opened:
        opened.callback(storage.close)
        opened.callback(Telemetry.of("sequencer", None).close)
        health = Health([], {"log": turns.ready})
        await opened.enter_async_context(health.listen(settings.health_address))
        await opened.enter_async_context(Exposition().listen(settings.metrics_address))
        await until_stopped(turns.stop, health, [turns.keep])
    log.info("stopped")


if __name__ == "__main__":
    run(main)

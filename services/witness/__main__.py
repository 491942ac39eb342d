"""The witness, put together."""

import time
from contextlib import AsyncExitStack

import structlog

from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load
from services.kit.telemetry import Telemetry
from services.kit.tlog.notes import Signer
from services.witness.listening import listening
from services.witness.memory import Memory
from services.witness.settings import Settings
from services.witness.usecases import Witness, known_logs

log = structlog.get_logger()


async def main() -> None:
    """Read the settings, cosign until told to stop."""
    settings = load(Settings)
    memory = Memory(settings.state_directory)
    witness = Witness(
        Signer.parse(settings.witness_key_file.read_text()),
        known_logs(settings.log_keys_file.read_text()),
        memory,
        time.time,
    )
    async with AsyncExitStack() as opened:
        opened.enter_context(memory.held())
        opened.callback(Telemetry.of("witness", None).close)
        health = Health([], {})
        enter, address = opened.enter_async_context, settings.listen_address
        port = await enter(listening(address, witness.add_checkpoint, witness.last_checkpoint))
        await enter(health.listen(settings.health_address))
        await enter(Exposition().listen(settings.metrics_address))
        await until_stopped(_at_once, health, [], port=port)
    log.info("stopped")


async def _at_once() -> None:
    """Exchanges take milliseconds; who is cut off asks again."""


if __name__ == "__main__":
    run(main)

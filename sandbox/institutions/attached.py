"""One simulated authentic source behind a firewall: `python -m sandbox.institutions.attached`.

Nobody can dial it. It calls the edge as the program of its organization, and is asked on the
streams that it opens there, as the contract of `AttachService` tells.
"""

from contextlib import AsyncExitStack

import structlog

from cli.identity import Identity
from sandbox.institutions.faults import parse_fault
from sandbox.institutions.settings import AttachedSettings
from sandbox.institutions.streams import AttachedStreams
from sandbox.institutions.supplier import source_of
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load

log = structlog.get_logger()


async def main() -> None:
    """Read everything, then be attached until told to stop."""
    settings = load(AttachedSettings)
    fault = parse_fault(settings.fault) if settings.fault else None
    identity = Identity(
        settings.cbe_number,
        settings.certificate_file,
        settings.private_key_file,
        settings.authority_file,
        settings.gateway_address,
        settings.gateway_name,
    )
    streams = AttachedStreams(identity, source_of(settings).respond, fault, settings.streams)
    health = Health([], {"attached": streams.is_attached})
    async with AsyncExitStack() as stack:
        ports = {
            "health_port": await stack.enter_async_context(health.listen(settings.health_address)),
            "metrics_port": await stack.enter_async_context(
                Exposition().listen(settings.metrics_address)
            ),
        }
        await until_stopped(streams.detach, health, [streams.keep], **ports)
    log.info("stopped")


if __name__ == "__main__":
    run(main)

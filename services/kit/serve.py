"""A process that answers RPCs: mutual TLS, the one layer around them, health, metrics, an end that
loses nothing."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from types import MappingProxyType

import asyncpg
import structlog
from prometheus_client import REGISTRY

from services.kit import logs
from services.kit.caller import Callers
from services.kit.durations import Durations, DurationsCollector
from services.kit.expiry import Expiry, certificate_ends
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.pulse import Pulse
from services.kit.server import Service, build_server, listen_on
from services.kit.settings import ServiceSettings
from services.kit.telemetry import Telemetry
from services.kit.tls import Files

__all__ = ["Service", "run", "serve"]

COLLECT_AFTER = (20_000, 20, 100)
"""Objects made, young collections and middle ones after which the collector looks again."""

QUIET = 0.3
"""Seconds without a new call after which a stopping process has settled."""

log = structlog.get_logger()


async def serve(
    settings: ServiceSettings,
    services: Sequence[Service],
    callers: Callers,
    *,
    background: Sequence[Callable[[], Awaitable[None]]] = (),
    databases: Sequence[asyncpg.Pool] = (),
    needs: Mapping[str, Callable[[], bool]] = MappingProxyType({}),
    end_streams: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends at once.

    `background` runs beside the server until it has drained; if one of them fails the process
    stops, for a service that half works is worse than one that is started again.

    The process is ready while its databases answer and all that it needs beside is there.

    `end_streams` tells streams to end by themselves as soon as the process is asked to stop: nobody
    else tells them, and each would keep it for the whole drain.
    """
    name = _name(services)
    logs.configure(settings.log_level, service=name)
    async with AsyncExitStack() as stack:
        telemetry = Telemetry.of(name, settings.otlp_endpoint)
        stack.callback(telemetry.close)
        pulses = [Pulse(database) for database in databases]
        met = {"database": lambda: all(pulse.beats() for pulse in pulses)} | dict(needs)
        health = Health([service.descriptor.full_name for service in services], met)
        server, durations = build_server(settings, services, callers, health)
        collector = DurationsCollector(name, durations)
        REGISTRY.register(collector)
        stack.callback(REGISTRY.unregister, collector)
        port = listen_on(server, settings)
        await server.start()
        stack.push_async_callback(server.stop, 0)
        ports = {
            "port": port,
            "health_port": await stack.enter_async_context(health.listen(settings.health_address)),
            "metrics_port": await stack.enter_async_context(
                Exposition().listen(settings.metrics_address)
            ),
        }
        _collect_seldom()

        async def drain() -> None:
            end_streams()
            # Calls that are already on their way were sent to a server that was healthy.
            await _settled(settings.settle.total_seconds(), health, durations)
            health.close()
            await server.stop(grace=settings.drain.total_seconds())

        kept = [*background, *(pulse.keep for pulse in pulses), _expiry(settings).keep]
        await until_stopped(drain, health, kept, **ports)
    log.info("stopped")


def _expiry(settings: ServiceSettings) -> Expiry:
    """What looks after the certificate of the process."""
    files = Files(settings.certificate_file, settings.private_key_file, settings.authority_file)
    return Expiry(lambda: certificate_ends("certificate", files))


async def _settled(most: float, health: Health, durations: Sequence[Durations]) -> None:
    """Wait until everybody knows and nothing comes any more, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(most):
            before, begun = -1, _begun(durations)
            while before != begun or not health.is_known():
                await asyncio.sleep(QUIET)
                before, begun = begun, _begun(durations)


def _begun(durations: Sequence[Durations]) -> int:
    return sum(rpc.begun for rpc in durations)


def _collect_seldom() -> None:
    """Let the garbage collector stop the loop seldom, and never for what lives on anyway.

    What a call makes is freed when the call ends, without the collector: it only finds cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _name(services: Sequence[Service]) -> str:
    """`cbss.directory.v1.DirectoryService` is the service `directory`."""
    parts = services[0].descriptor.full_name.split(".")
    return parts[1] if len(parts) > 2 else parts[0]

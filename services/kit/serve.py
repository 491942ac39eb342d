"""A process that answers RPCs: mutual TLS, the one layer around them, health, metrics, an end that
loses nothing."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
import structlog
import uvloop
from prometheus_client import REGISTRY

from services.kit import logs
from services.kit.caller import Callers
from services.kit.durations import DurationsCollector
from services.kit.exposition import Exposition
from services.kit.gate import Gate
from services.kit.health import Health
from services.kit.interceptors import Interceptor
from services.kit.registration import Registration, reflected
from services.kit.settings import Environment, ServiceSettings
from services.kit.telemetry import Telemetry
from services.kit.tls import ServerTls

log = structlog.get_logger()

OPTIONS: tuple[tuple[str, int], ...] = (
    # Ours is judged, with a reason, at a quarter of this; beyond it gRPC itself refuses.
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    # Two processes on one port would be a mistake, not a way to scale.
    ("grpc.so_reuseport", 0),
    # Connections end now and then, so that clients find new replicas and show new certificates.
    ("grpc.max_connection_age_ms", 600_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
)


class ServiceDescriptor(Protocol):
    """What is used of a generated `DESCRIPTOR.services_by_name[...]`."""

    @property
    def full_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Service:
    """One gRPC service of a process."""

    add: Callable[[Any, Any], None]
    """The generated `add_..._to_server`."""
    servicer: object
    descriptor: ServiceDescriptor


def always() -> bool:
    """Ready as soon as the process serves."""
    return True


async def serve(
    settings: ServiceSettings,
    services: Sequence[Service],
    callers: Callers,
    *,
    background: Sequence[Callable[[], Awaitable[None]]] = (),
    ready: Callable[[], bool] = always,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends at once.

    `background` runs beside the server until it has drained; if one of them fails the process
    stops, for a service that half works is worse than one that is started again.
    """
    name = _name(services)
    logs.configure(settings.log_level, service=name)
    async with AsyncExitStack() as stack:
        telemetry = Telemetry.of(name, settings.otlp_endpoint)
        stack.callback(telemetry.close)
        health = Health([service.descriptor.full_name for service in services], ready)
        server, durations = _server(settings, services, callers)
        collector = DurationsCollector(name, durations)
        REGISTRY.register(collector)
        stack.callback(REGISTRY.unregister, collector)
        port = server.add_secure_port(settings.listen_address, ServerTls.of(settings).credentials())
        await server.start()
        stack.push_async_callback(server.stop, 0)
        ports = {
            "port": port,
            "health_port": await stack.enter_async_context(
                health.listening(settings.health_address)
            ),
            "metrics_port": await stack.enter_async_context(
                Exposition().listening(settings.metrics_address)
            ),
        }
        log.info("serving", **ports)
        await _until_stopped(settings, server, health, background)
    log.info("stopped")


def _server(
    settings: ServiceSettings, services: Sequence[Service], callers: Callers
) -> tuple[grpc.aio.Server, list[Any]]:
    listed = dict(callers)
    if settings.environment is not Environment.PRODUCTION:
        reflection = reflected([service.descriptor.full_name for service in services])
        services = [*services, Service(reflection.add, reflection.servicer, reflection)]
        listed |= reflection.callers
    interceptor = Interceptor(
        gate=Gate(listed, settings.trace_sampling),
        default_deadline=settings.default_deadline.total_seconds(),
        logs_answers=settings.log_level == "debug",
    )
    server = grpc.aio.server(options=OPTIONS)
    registration = Registration(server, interceptor)
    for service in services:
        service.add(service.servicer, registration)
    registration.refuse_the_rest()
    return server, interceptor.durations


async def _until_stopped(
    settings: ServiceSettings,
    server: grpc.aio.Server,
    health: Health,
    background: Sequence[Callable[[], Awaitable[None]]],
) -> None:
    loop = asyncio.get_running_loop()
    stopping, forced = asyncio.Event(), asyncio.Event()

    def signalled() -> None:
        (forced if stopping.is_set() else stopping).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_lasting(work)) for work in background]
            await stopping.wait()
            await health.drain()
            drain = asyncio.create_task(_drain(settings, server))
            force = asyncio.create_task(forced.wait())
            await asyncio.wait([drain, force], return_when=asyncio.FIRST_COMPLETED)
            for task in (drain, force, *tasks):
                task.cancel()
            await asyncio.wait([drain, force])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _drain(settings: ServiceSettings, server: grpc.aio.Server) -> None:
    log.info("draining", seconds=settings.drain.total_seconds())
    # Calls that are already on their way were sent to a server that was healthy.
    await asyncio.sleep(settings.settle.total_seconds())
    await server.stop(grace=settings.drain.total_seconds())


async def _lasting(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as fault:
        log.error("background work failed, stopping", **logs.shown(fault))
        raise


def _name(services: Sequence[Service]) -> str:
    """`cbss.directory.v1.DirectoryService` is the service `directory`."""
    parts = services[0].descriptor.full_name.split(".")
    return parts[1] if len(parts) > 2 else parts[0]


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a process to its end on the one event loop it has."""
    try:
        uvloop.run(main())
    except BaseExceptionGroup as fault:
        log.error("process failed", **logs.shown(fault))
        sys.exit(1)

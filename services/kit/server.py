"""The server that every service has: mutual TLS 1.3, and the one layer around all its RPCs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import grpc

from services import REFUSES_TLS_1_2
from services.kit import bounds
from services.kit.authorities import Authorities
from services.kit.bearer import Tokens
from services.kit.caller import Callers
from services.kit.durations import Durations
from services.kit.forwarded import Forwarded
from services.kit.gate import Gate
from services.kit.handlers import Registration, reflection_of
from services.kit.health import Health
from services.kit.interceptors import Interceptor
from services.kit.settings import Environment, ServiceSettings
from services.kit.tls import ServerTls

OPTIONS: tuple[tuple[str, int], ...] = (
    # Ours is judged, with a reason, at a quarter of this; beyond it gRPC itself refuses.
    ("grpc.max_receive_message_length", 4 * bounds.MESSAGE),
    # What the edge lets in is taken, always: between the two gRPC would refuse by chance.
    ("grpc.max_metadata_size", bounds.METADATA + bounds.METADATA_SLACK),
    ("grpc.absolute_max_metadata_size", bounds.METADATA + bounds.METADATA_SLACK),
    # Two processes on one port would be a mistake, not a way to scale.
    ("grpc.so_reuseport", 0),
    # Calls that last longer than their connection, such as streams, still have this long.
    ("grpc.max_connection_age_grace_ms", 600_000),
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


def build_server(
    settings: ServiceSettings, services: Sequence[Service], callers: Callers, health: Health
) -> tuple[grpc.aio.Server, list[Durations]]:
    """A server, not yet listening, and the durations of its RPCs; outside production it also
    describes itself to the operator."""
    listed = dict(callers)
    if settings.environment is not Environment.PRODUCTION:
        reflection = reflection_of([service.descriptor.full_name for service in services])
        services = [*services, Service(reflection.add, reflection.servicer, reflection)]
        listed |= reflection.callers
    authorities = Authorities.of(settings)
    forwarded = Forwarded(authorities.institutions, authorities.citizens)
    interceptor = Interceptor(
        gate=Gate(listed, authorities, forwarded, Tokens(settings), settings.trace_sampling),
        default_deadline=settings.default_deadline.total_seconds(),
        reader_patience=settings.reader_patience.total_seconds(),
        logs_answers=settings.log_level == "debug",
    )
    # Connections end now and then, so that clients find new replicas and show new certificates.
    age = ("grpc.max_connection_age_ms", int(settings.connection_age.total_seconds() * 1000))
    server = grpc.aio.server(options=[*OPTIONS, age])
    health.attach(server)
    registration = Registration(server, interceptor)
    for service in services:
        service.add(service.servicer, registration)
    registration.refuse_the_rest()
    return server, interceptor.durations


def listen_on(server: grpc.aio.Server, settings: ServiceSettings) -> int:
    """Open the server's port, over mutual TLS; the port, for the system may have chosen it."""
    if not REFUSES_TLS_1_2:
        raise RuntimeError("gRPC was imported before `services` and would accept TLS 1.2")
    people = settings.operators_authority_file, settings.committee_authority_file
    tls = ServerTls.of(settings, *people)
    return server.add_secure_port(settings.listen_address, tls.credentials())

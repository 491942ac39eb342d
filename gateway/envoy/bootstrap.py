"""The whole configuration of one Envoy, as `envoy -c` reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.envoy.clusters import Upstream, cluster
from gateway.envoy.listener import listener
from gateway.envoy.names import Config, extension, socket_address
from gateway.limits import Limits
from gateway.routes import Route


@dataclass(frozen=True, slots=True)
class Edge:
    """What an edge is made of."""

    listen_address: str
    admin_address: str
    routes: Sequence[Route]
    upstreams: Sequence[Upstream]
    limits: Limits
    secrets_folder: Path
    """Where the control program puts what Envoy watches."""
    refusals: Path
    """The log of refusals, one JSON object a line."""
    descriptors: Path | None = None
    """The descriptors of the contracts, for JSON."""
    openapi: Path | None = None
    """The OpenAPI document."""


def bootstrap(edge: Edge) -> Config:
    """The configuration of an edge."""
    return {
        "node": {"id": "gateway", "cluster": "cbss"},
        "admin": {"address": socket_address(edge.admin_address)},
        "static_resources": {
            "listeners": [
                listener(
                    edge.listen_address,
                    edge.routes,
                    limits=edge.limits,
                    secrets_folder=edge.secrets_folder,
                    refusals=edge.refusals,
                    descriptors=edge.descriptors,
                    openapi=edge.openapi,
                )
            ],
            "clusters": [cluster(upstream, edge.secrets_folder) for upstream in edge.upstreams],
        },
        "overload_manager": {
            "refresh_interval": "1s",
            "resource_monitors": [
                extension(
                    "envoy.resource_monitors.global_downstream_max_connections",
                    "envoy.extensions.resource_monitors.downstream_connections.v3"
                    ".DownstreamConnectionsConfig",
                    max_active_downstream_connections=edge.limits.connections,
                )
            ],
        },
    }

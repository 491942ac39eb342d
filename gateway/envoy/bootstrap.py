"""The whole configuration of one Envoy, as `envoy -c` reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.envoy import pages
from gateway.envoy.clusters import Upstream, cluster
from gateway.envoy.filters import Watched
from gateway.envoy.listener import Door, listener
from gateway.envoy.names import Config, extension, socket_address
from gateway.envoy.pages import Pages
from gateway.limits import OPEN, Limits
from gateway.routes import Route

_LOG = {
    "event": "%j",
    "logger": "%n",
    "level": "%l",
    "timestamp": "%Y-%m-%dT%T.%fZ",
    "service": "envoy",
}
"""A line of what Envoy says of itself, in the form of our own."""


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
    open_address: str | None = None
    """Where everybody calls what is open, without a certificate; nowhere if absent."""
    watched: Watched | None = None
    """What the control program replaces while Envoy runs."""
    pages: Pages | None = None
    """Where people come in; nowhere if absent."""


def bootstrap(edge: Edge) -> Config:
    """The configuration of an edge."""
    return {
        "node": {"id": "gateway", "cluster": "cbss"},
        "application_log_config": {"log_format": {"json_format": _LOG}},
        "admin": {"address": socket_address(edge.admin_address)},
        "static_resources": {
            "listeners": [*_listeners(edge), *_pages(edge)],
            "clusters": [cluster(upstream, edge.secrets_folder) for upstream in _behind(edge)],
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


def _behind(edge: Edge) -> list[Upstream]:
    return [*edge.upstreams, *([] if edge.pages is None else [edge.pages.upstream])]


def _pages(edge: Edge) -> list[Config]:
    return [] if edge.pages is None else [pages.listener(edge.pages, edge.secrets_folder)]


def _listeners(edge: Edge) -> list[Config]:
    door = Door(
        "edge",
        edge.listen_address,
        edge.routes,
        edge.limits,
        edge.secrets_folder,
        edge.descriptors,
        edge.refusals,
        watched=edge.watched,
    )
    if edge.open_address is None:
        return [listener(door)]
    everybody = replace(
        door,
        name="open",
        address=edge.open_address,
        routes=[route for route in edge.routes if route.is_open],
        limits=OPEN,
        # Whoever knocks at an open door is no institution, and not for the trail.
        refusals=None,
        asks_certificate=False,
        watched=None,
    )
    return [listener(door), listener(everybody)]

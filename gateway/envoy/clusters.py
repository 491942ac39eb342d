"""The services behind the edge: found by name, proved by certificate, watched by their health."""

from dataclasses import dataclass
from pathlib import Path

from gateway.envoy import secrets
from gateway.envoy.names import Config, extension, message, socket_address

_PLAIN = {"health": "plain"}


@dataclass(frozen=True, slots=True)
class Upstream:
    """A service behind the edge."""

    name: str
    """Its name in the table of routes and in its certificate."""
    address: str
    health_address: str
    identity: str = secrets.MESH
    """The identity that is shown to it and with whose authority it is verified."""
    workload: str = ""
    """The name in its certificate, where that is another than its name in the table of routes."""
    calls: int = 8192
    """How many calls may be under way to it; a stream is one for as long as it lives."""


def cluster(upstream: Upstream, folder: Path) -> Config:
    """All replicas of a service; calls go to those that are healthy, each in its turn."""
    health = socket_address(upstream.health_address)["socket_address"]
    endpoint = {
        "address": socket_address(upstream.address),
        "health_check_config": {"port_value": health["port_value"]},
    }
    http2 = {
        "explicit_http_config": {
            "http2_protocol_options": {
                "max_concurrent_streams": 1024,
                "initial_stream_window_size": 1024 * 1024,
                "initial_connection_window_size": 4 * 1024 * 1024,
                # A replica that is gone without a word is noticed within seconds.
                "connection_keepalive": {"interval": "10s", "timeout": "3s"},
            }
        }
    }
    return {
        "name": upstream.name,
        "type": "STRICT_DNS",
        "dns_refresh_rate": "2s",
        "connect_timeout": "1s",
        "lb_policy": "ROUND_ROBIN",
        "load_assignment": {
            "cluster_name": upstream.name,
            "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}],
        },
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": message(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", **http2
            )
        },
        "circuit_breakers": {
            "thresholds": [
                {
                    "max_requests": upstream.calls,
                    "max_pending_requests": upstream.calls // 2,
                    "max_retries": 64,
                }
            ]
        },
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
        "health_checks": [_health_check()],
        # Who watches over health has no certificate: that port is plain and serves nothing else.
        "transport_socket_matches": [
            {
                "name": "health",
                "match": _PLAIN,
                "transport_socket": extension(
                    "envoy.transport_sockets.raw_buffer",
                    "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
                ),
            }
        ],
        "transport_socket": secrets.upstream(
            folder, upstream.workload or upstream.name, identity=upstream.identity
        ),
    }


def _health_check() -> Config:
    return {
        "timeout": "1s",
        "interval": "1s",
        "no_traffic_interval": "1s",
        "unhealthy_interval": "0.25s",
        "no_traffic_healthy_interval": "1s",
        "unhealthy_threshold": 2,
        "healthy_threshold": 1,
        "grpc_health_check": {},
        "transport_socket_match_criteria": _PLAIN,
    }

"""The door for people: pages of the portal, in HTTP, over TLS without a client certificate.

Whoever calls programs' RPCs does it elsewhere: here leads every path to the portal, which itself
calls the mesh at the door of programs, as anybody does. Nothing that a browser says of who it is
goes on.
"""

from dataclasses import dataclass
from pathlib import Path

from gateway.envoy import filters, secrets
from gateway.envoy.clusters import Upstream
from gateway.envoy.names import Config, extension, seconds, socket_address
from gateway.envoy.replies import SPOKEN
from gateway.limits import PAGES, Limits

UPSTREAM = "portal"
PATIENCE = 30
"""Seconds that a page may take."""
_FORGED = ("x-forwarded-client-cert", "x-forwarded-for", "x-forwarded-host", "forwarded")


@dataclass(frozen=True, slots=True)
class Pages:
    """Where people come in, and where their pages are made."""

    address: str
    upstream: Upstream
    limits: Limits = PAGES


def listener(pages: Pages, secrets_folder: Path) -> Config:
    """The listener of the door."""
    limits = pages.limits
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="pages",
        codec_type="AUTO",
        server_header_transformation="PASS_THROUGH",
        use_remote_address=True,
        skip_xff_append=True,
        normalize_path=True,
        merge_slashes=True,
        path_with_escaped_slashes_action="REJECT_REQUEST",
        early_header_mutation_extensions=filters.marks(certified=False),
        forward_client_cert_details="SANITIZE",
        generate_request_id=False,
        common_http_protocol_options={
            "idle_timeout": seconds(limits.idle),
            "max_connection_duration": seconds(limits.connection_age),
            "headers_with_underscores_action": "DROP_HEADER",
            "max_headers_count": limits.headers,
        },
        http2_protocol_options={"max_concurrent_streams": limits.streams},
        drain_timeout=seconds(limits.connection_drain),
        request_headers_timeout="5s",
        request_timeout=f"{PATIENCE}s",
        max_request_headers_kb=limits.parsed_header_kilobytes,
        route_config=_table(),
        http_filters=filters.of_pages(limits),
    )
    return {
        "name": "pages",
        "address": socket_address(pages.address),
        "per_connection_buffer_limit_bytes": limits.message_bytes,
        "listener_filters_timeout": "5s",
        "filter_chains": [
            {
                "transport_socket": secrets.downstream(secrets_folder, asks_certificate=False),
                "transport_socket_connect_timeout": "5s",
                "filters": [manager],
            }
        ],
    }


def _table() -> Config:
    route = {
        "match": {"prefix": "/"},
        "route": {
            "cluster": UPSTREAM,
            "timeout": f"{PATIENCE}s",
            "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
        },
    }
    return {
        "name": "pages",
        "request_headers_to_remove": [*filters.INWARD, SPOKEN, *_FORGED, "authorization"],
        "virtual_hosts": [{"name": "pages", "domains": ["*"], "routes": [route]}],
    }

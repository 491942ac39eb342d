"""A door: one port, TLS, the routes of the table and nothing else; a client certificate unless it
is the open one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gateway.envoy import filters, secrets
from gateway.envoy.judging import DESCRIPTORS, DOCUMENT
from gateway.envoy.names import Config, extension, seconds, socket_address
from gateway.envoy.replies import local_replies
from gateway.limits import Limits
from gateway.routes import Route

_CEL = extension("envoy.formatter.cel", "envoy.extensions.formatter.cel.v3.Cel")
_LOGGER = "envoy.extensions.access_loggers.file.v3.FileAccessLog"
_TRACE = (
    "size(request.headers['traceparent']) == 55 && "
    "request.headers['traceparent'].matches('^00-[0-9a-f-]+$') ? "
    "request.headers['traceparent'] : ''"
)
"""What a client calls its trace, if it is of that form: it could write anything there."""
_CALL = {
    "kind": "call",
    "at": "%START_TIME(%s.%9f)%",
    "connection": "%CONNECTION_ID%",
    "route": "%ROUTE_NAME%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "certificate": "%DOWNSTREAM_PEER_FINGERPRINT_256%",
    "trace": f"%CEL({_TRACE})%",
}
_CONNECTION = {
    "kind": "connection",
    "at": "%START_TIME(%s.%9f)%",
    "connection": "%CONNECTION_ID%",
    "details": "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%",
    "certificate": "%DOWNSTREAM_PEER_FINGERPRINT_256%",
}
_GRACE = timedelta(seconds=0.25)
"""How much later than the service the edge itself gives up: the service can say why."""
_ANSWERED_HERE = "response.code_details != 'via_upstream'"


TABLE = "edge"
"""The name of the routes."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a door is made of."""

    name: str
    address: str
    routes: Sequence[Route]
    limits: Limits
    secrets_folder: Path
    descriptors: Path | None
    refusals: Path | None
    """Where refusals are logged, for the trail; nowhere if absent."""
    asks_certificate: bool = True
    watched: filters.Watched | None = None
    """What says how JSON is translated, and holds the routes with the document; else JSON is as
    the descriptors say, and the routes are as they are listed."""


def listener(door: Door) -> Config:
    """The listener of a door."""
    limits = door.limits
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=door.name,
        codec_type="AUTO",
        server_header_transformation="PASS_THROUGH",
        use_remote_address=True,
        skip_xff_append=True,
        normalize_path=True,
        merge_slashes=True,
        path_with_escaped_slashes_action="REJECT_REQUEST",
        early_header_mutation_extensions=filters.marks(certified=door.asks_certificate),
        forward_client_cert_details="SANITIZE_SET" if door.asks_certificate else "SANITIZE",
        set_current_client_cert_details={"cert": True},
        generate_request_id=False,
        common_http_protocol_options={
            "idle_timeout": seconds(limits.idle),
            "max_connection_duration": seconds(limits.connection_age),
            # Legal in gRPC, and not to be mistaken for another header here: nobody reads them.
            "headers_with_underscores_action": "DROP_HEADER",
            "max_headers_count": limits.headers * 8,
        },
        http2_protocol_options={
            "max_concurrent_streams": limits.streams,
            "initial_stream_window_size": 1024 * 1024,
            "initial_connection_window_size": 4 * 1024 * 1024,
        },
        drain_timeout=seconds(limits.connection_drain),
        request_headers_timeout="5s",
        stream_idle_timeout="60s",
        max_request_headers_kb=limits.parsed_header_kilobytes,
        access_log=[] if door.refusals is None else [_call_log(door.refusals)],
        local_reply_config=local_replies(),
        **_routing(door),
        http_filters=filters.chain(
            limits, door.routes, _transcoding(door), has_document=door.watched is not None
        ),
    )
    return {
        "name": door.name,
        "address": socket_address(door.address),
        "per_connection_buffer_limit_bytes": limits.message_bytes,
        "listener_filters_timeout": "5s",
        "access_log": [] if door.refusals is None else [_connection_log(door.refusals)],
        "filter_chains": [
            {
                "transport_socket": secrets.downstream(
                    door.secrets_folder, asks_certificate=door.asks_certificate
                ),
                "transport_socket_connect_timeout": "5s",
                "filters": [manager],
            }
        ],
    }


def _transcoding(door: Door) -> Config | None:
    if door.watched is not None:
        return filters.watch(door.watched.transcoding)
    if door.descriptors is None:
        return None
    return filters.transcoder(door.descriptors, (route.service for route in door.routes))


# Neither path nor query: a client can write a number of a person into both.
def _call_log(path: Path) -> Config:
    cel = extension(
        "envoy.access_loggers.extension_filters.cel",
        "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
        expression=_ANSWERED_HERE,
    )
    return {"filter": {"extension_filter": cel}, **_log(path, _CALL)}


def _connection_log(path: Path) -> Config:
    return _log(path, _CONNECTION)


def _log(path: Path, line: Config) -> Config:
    return extension(
        "envoy.access_loggers.file",
        _LOGGER,
        path=str(path),
        log_format={"json_format": line, "formatters": [_CEL]},
    )


def _routing(door: Door) -> Config:
    if door.watched is None:
        return {"route_config": route_table(door.routes)}
    source = filters.source(door.watched.table)
    return {"rds": {"route_config_name": TABLE, "config_source": source}}


@dataclass(frozen=True, slots=True)
class Published:
    """What is read at a door beside calls."""

    openapi: Path
    descriptors: Path


def route_table(routes: Sequence[Route], published: Published | None = None) -> Config:
    """What is judged fit to be a call leads to its service; nothing else comes here."""
    table = list(map(_route, routes))
    if published is not None:
        table += [
            _document(DOCUMENT, published.openapi, "application/json"),
            _document(DESCRIPTORS, published.descriptors, "application/octet-stream"),
        ]
    return {
        "name": TABLE,
        "max_direct_response_body_size_bytes": 4 * 1024 * 1024,
        "request_headers_to_remove": list(filters.INWARD),
        "virtual_hosts": [{"name": "edge", "domains": ["*"], "routes": table}],
    }


_SILENCE = timedelta(minutes=5)
"""How long a stream may be silent; its heartbeats come well before."""


def _stream(route: Route) -> Config:
    """The way of a stream: no deadline of ours, no timeout, and nothing is sent again."""
    return {
        "name": route.rpc,
        "match": {"path": f"/{route.rpc}"},
        **({"typed_per_filter_config": filters.without_buffer()} if route.takes_stream else {}),
        "route": {
            "cluster": route.upstream,
            "timeout": "0s",
            "idle_timeout": seconds(_SILENCE),
            "max_stream_duration": {"max_stream_duration": "0s"},
        },
    }


def _route(route: Route) -> Config:
    if route.stays_open:
        return _stream(route)
    deadline = f"{int(route.deadline.total_seconds() * 1000)}m"
    return {
        "name": route.rpc,
        "match": {"path": f"/{route.rpc}"},
        **({"typed_per_filter_config": filters.without_buffer()} if route.takes_stream else {}),
        "request_headers_to_add": [
            {
                "header": {"key": "grpc-timeout", "value": deadline},
                "append_action": "ADD_IF_ABSENT",
            }
        ],
        "route": {
            "cluster": route.upstream,
            # The deadline of the call counts, bounded; not a timeout of the route.
            "timeout": "0s",
            "max_stream_duration": {
                "max_stream_duration": seconds(route.deadline + _GRACE),
                "grpc_timeout_header_max": seconds(route.longest),
            },
            # Only what surely did not reach a service is sent again.
            "retry_policy": {
                "retry_on": "connect-failure,refused-stream,reset-before-request",
                "num_retries": 2,
                "retry_back_off": {"base_interval": "0.02s", "max_interval": "0.2s"},
            },
        },
    }


def _document(path: str, file: Path, kind: str) -> Config:
    return {
        "name": path.strip("/").partition(".")[0],
        "match": {"path": path},
        "direct_response": {"status": 200, "body": {"filename": str(file)}},
        "response_headers_to_add": [
            {
                "header": {"key": "content-type", "value": kind},
                "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
            }
        ],
    }

"""What a call passes through at the edge: the size of its message, the limit of its client, what is
judged before the message is looked into, then gRPC-Web, then JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.envoy.judging import FORGED, IDENTITY, OWN_ORIGIN, judging
from gateway.envoy.names import Config, extension, message
from gateway.envoy.replies import SPOKEN
from gateway.limits import Limits
from gateway.routes import Route

_ADDRESS = "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT"
_FILTERS = "envoy.extensions.filters.http"
BUFFER = "envoy.filters.http.buffer"
EXTENSION, ROUTES = (
    "envoy.config.core.v3.TypedExtensionConfig",
    "envoy.config.route.v3.RouteConfiguration",
)
TRANSCODER = "envoy.filters.http.grpc_json_transcoder"
TRANSCODING = f"{_FILTERS}.grpc_json_transcoder.v3.GrpcJsonTranscoder"
FRAME = 5
"""Bytes that gRPC puts before a message."""
CLIENT = "x-cbss-client"
"""Names the client certificate inside Envoy only: cleared when it comes, not sent on."""
INWARD = (CLIENT, FORGED, OWN_ORIGIN)
"""Headers that are Envoy's own notes. `SPOKEN` is one too, but goes on with the call: what the edge
answers once it has passed the call on is still worded by it."""


def marks(*, certified: bool) -> list[Config]:
    """Before anything else: note who calls, and whether the call brings an identity of its own."""
    client = "DOWNSTREAM_PEER_FINGERPRINT_256" if certified else _ADDRESS
    mutations = [
        *({"remove": header} for header in (*INWARD, SPOKEN)),
        _put(FORGED, f"%REQ({IDENTITY})%"),
        _put(CLIENT, f"%{client}%"),
        _put(SPOKEN, "%REQ(CONTENT-TYPE)%"),
        _put(OWN_ORIGIN, "https://%REQ(:AUTHORITY)%"),
    ]
    return [
        extension(
            "envoy.http.early_header_mutation.header_mutation",
            "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
            mutations=mutations,
        )
    ]


def _put(header: str, value: str) -> Config:
    return {
        "append": {
            "header": {"key": header, "value": value},
            "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
        }
    }


def chain(
    limits: Limits, routes: Sequence[Route], transcoding: Config | None, *, has_document: bool
) -> list[Config]:
    """The filters; without transcoding the edge speaks gRPC and gRPC-Web only."""
    return [
        # First: who is refused while he still sends would take the answer for a broken stream.
        extension(
            BUFFER,
            f"{_FILTERS}.buffer.v3.Buffer",
            max_request_bytes=limits.message_bytes + FRAME,
        ),
        _limiter(limits),
        judging(limits, [route.rpc for route in routes], has_document=has_document),
        extension("envoy.filters.http.grpc_web", f"{_FILTERS}.grpc_web.v3.GrpcWeb"),
        *([] if transcoding is None else [transcoding]),
        extension(
            "envoy.filters.http.router",
            f"{_FILTERS}.router.v3.Router",
            suppress_envoy_headers=True,
        ),
    ]


def of_pages(limits: Limits) -> list[Config]:
    """The filters before pages that people read: the size of a form, the limit of an address."""
    return [
        extension(BUFFER, f"{_FILTERS}.buffer.v3.Buffer", max_request_bytes=limits.message_bytes),
        _limiter(limits),
        extension(
            "envoy.filters.http.router",
            f"{_FILTERS}.router.v3.Router",
            suppress_envoy_headers=True,
        ),
    ]


def without_buffer() -> Config:
    """For a route whose messages are not waited for until the last."""
    kind = f"{_FILTERS}.buffer.v3.BufferPerRoute"
    return {BUFFER: message(kind, disabled=True)}


def _limiter(limits: Limits) -> Config:
    bucket = {
        "max_tokens": limits.burst,
        "tokens_per_fill": max(1, limits.per_second // 10),
        "fill_interval": "0.1s",
    }
    overall = limits.overall_per_second
    whole = {"max_tokens": overall, "tokens_per_fill": overall, "fill_interval": "1s"}
    every = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return extension(
        "envoy.filters.http.local_ratelimit",
        f"{_FILTERS}.local_ratelimit.v3.LocalRateLimit",
        stat_prefix="clients",
        token_bucket=whole,
        filter_enabled=every,
        filter_enforced=every,
        # An entry without a value stands for a bucket of its own for each client.
        descriptors=[{"entries": [{"key": "client"}], "token_bucket": bucket}],
        max_dynamic_descriptors=limits.clients,
        rate_limits=[
            {"actions": [{"request_headers": {"header_name": CLIENT, "descriptor_key": "client"}}]}
        ],
        rate_limited_as_resource_exhausted=True,
    )


def transcoder(descriptors: Path, services: Iterable[str]) -> Config:
    """From JSON to gRPC and back, by a file of descriptors."""
    return extension(
        TRANSCODER,
        TRANSCODING,
        proto_descriptor=str(descriptors),
        services=sorted(set(services)),
        auto_mapping=True,
        convert_grpc_status=True,
        request_validation_options={"reject_unknown_method": False},
        print_options={"preserve_proto_field_names": True, "always_print_primitive_fields": False},
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """Files that Envoy reads again whenever they are replaced."""

    transcoding: Path
    """How institutions' JSON is translated."""
    table: Path
    """The routes of institutions, one of which answers with the document."""


def watch(path: Path) -> Config:
    """A transcoder that stands in a file, and is replaced when the file is."""
    return {
        "name": TRANSCODER,
        "config_discovery": {
            "config_source": source(path),
            "type_urls": [f"type.googleapis.com/{TRANSCODING}"],
        },
    }


def source(path: Path) -> Config:
    """A file from which a part of the configuration is read again whenever it is replaced."""
    watched = {"path": str(path), "watched_directory": {"path": str(path.parent)}}
    return {"path_config_source": watched, "resource_api_version": "V3"}


def discover(found: Config, *, version: str, kind: str = EXTENSION) -> Config:
    """What stands in such a file."""
    return {"version_info": version, "resources": [message(kind, **found)]}

"""What a call passes through at the edge: the limit of its client, then gRPC-Web, then JSON."""

from collections.abc import Iterable
from pathlib import Path

from gateway.envoy import answers
from gateway.envoy.names import Config, extension
from gateway.limits import Limits

_ADDRESS = "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT"
_FILTERS = "envoy.extensions.filters.http"
CLIENT = "x-cbss-client"
"""Names the client certificate inside Envoy only: cleared when it comes, not sent on."""
FORGED = "x-cbss-forged"
"""Holds what a client pretended to have been verified; cleared when it comes."""
IDENTITY = "x-forwarded-client-cert"
"""Where the gateway says whose certificate it has verified."""


def marks(*, certified: bool) -> list[Config]:
    """Before anything else: note who calls, and whether the call brings an identity of its own."""
    client = "DOWNSTREAM_PEER_FINGERPRINT_256" if certified else _ADDRESS
    mutations = [
        {"remove": FORGED},
        {"remove": CLIENT},
        _put(FORGED, f"%REQ({IDENTITY})%"),
        _put(CLIENT, f"%{client}%"),
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


def chain(limits: Limits, descriptors: Path | None, services: Iterable[str]) -> list[Config]:
    """The filters; without descriptors the edge speaks gRPC and gRPC-Web only."""
    transcoding = [] if descriptors is None else [_transcoder(descriptors, services)]
    return [
        _limiter(limits),
        extension("envoy.filters.http.grpc_web", f"{_FILTERS}.grpc_web.v3.GrpcWeb"),
        *transcoding,
        extension(
            "envoy.filters.http.router",
            f"{_FILTERS}.router.v3.Router",
            suppress_envoy_headers=True,
        ),
    ]


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
        response_headers_to_add=[answers.limited()],
    )


def _transcoder(descriptors: Path, services: Iterable[str]) -> Config:
    return extension(
        "envoy.filters.http.grpc_json_transcoder",
        f"{_FILTERS}.grpc_json_transcoder.v3.GrpcJsonTranscoder",
        proto_descriptor=str(descriptors),
        services=sorted(set(services)),
        auto_mapping=True,
        convert_grpc_status=True,
        request_validation_options={"reject_unknown_method": False},
        print_options={"preserve_proto_field_names": True, "always_print_primitive_fields": False},
    )

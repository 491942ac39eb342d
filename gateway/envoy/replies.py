"""How Envoy words what it refuses itself: in gRPC as status and details, in JSON as the same status
written as proto JSON. Without this it answers in plain text, and with codes of its own.
"""

import json
from base64 import b64encode

from google.protobuf import descriptor_pool, json_format

from gateway.answers import ANSWERS, METHOD, Answer
from gateway.envoy.names import Config, extension

SPOKEN = "x-cbss-spoken"
"""Holds the content type that came; the request's own is changed on the way. Cleared when it
comes."""
_ALLOW = {"header": {"key": "allow", "value": "POST"}}


def local_replies() -> Config:
    """The mappers, for each answer one in gRPC-Web, one in gRPC and one in JSON for all else."""
    mappers = (_grpc_web, _grpc, _json)
    return {"mappers": [mapper(answer) for answer in ANSWERS for mapper in mappers]}


def _grpc_web(answer: Answer) -> Config:
    # An answer without a message has its status in the headers there too.
    return {
        "filter": _both(_spoken("-web(-text)?"), _detailed(answer)),
        "status_code": 200,
        "body": {"inline_string": ""},
        "body_format_override": {
            "text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"},
            "content_type": "application/grpc-web+proto",
        },
        "headers_to_add": [_header("grpc-message", answer.sentence), *_status(answer)],
    }


def _grpc(answer: Answer) -> Config:
    return {
        "filter": _both(_spoken(""), _detailed(answer)),
        "body": {"inline_string": answer.sentence},
        "headers_to_add": _status(answer),
    }


def _json(answer: Answer) -> Config:
    return {
        "filter": _detailed(answer),
        "status_code": answer.http_status,
        "body": {"inline_string": _written(answer)},
        "body_format_override": {
            "text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"},
            "content_type": "application/json",
        },
        "headers_to_add": [_ALLOW] if answer is METHOD else [],
    }


def _status(answer: Answer) -> list[Config]:
    return [
        _header("grpc-status", str(answer.code)),
        _header("grpc-status-details-bin", _details(answer)),
    ]


def _spoken(kind: str) -> Config:
    # As Envoy itself tells gRPC from what only begins alike.
    match = {"safe_regex": {"regex": f"application/grpc{kind}([+;].*)?"}}
    return {"header_filter": {"header": {"name": SPOKEN, "string_match": match}}}


def _both(*filters: Config) -> Config:
    return {"and_filter": {"filters": list(filters)}}


def _detailed(answer: Answer) -> Config:
    # The OpenAPI document is an answer of the edge's own too, and no refusal.
    found = " || ".join(f"response.code_details.contains('{part}')" for part in answer.details)
    cel = extension(
        "envoy.access_loggers.extension_filters.cel",
        "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
        expression=f"response.code != 200 && ({found})",
    )
    return {"extension_filter": cel}


def _header(key: str, value: str) -> Config:
    return {
        "header": {"key": key, "value": value},
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    }


def _details(answer: Answer) -> str:
    written = answer.status().SerializeToString(deterministic=True)
    return b64encode(written).decode().rstrip("=")


def _written(answer: Answer) -> str:
    told = json_format.MessageToDict(
        answer.status(),
        preserving_proto_field_name=True,
        descriptor_pool=descriptor_pool.Default(),
    )
    return json.dumps(told)

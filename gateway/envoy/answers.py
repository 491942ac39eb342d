"""What the edge itself answers, with the same details as every other failure of the mesh.

A route that answers is named for the reason, in lower case with dashes; the log of refusals shows
the name, and so the reason stands in the audit trail.
"""

from base64 import b64encode

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from gateway.envoy.names import Config

DOMAIN = "gateway.cbss"
FORGED = "identity-forged"
UNKNOWN = "path-unknown"


def refusing(name: str, match: Config, http_status: int) -> Config:
    """A route that refuses."""
    sentence = _SENTENCES[name][1]
    return {
        "name": name,
        "match": match,
        "direct_response": {"status": http_status, "body": {"inline_string": sentence}},
        "response_headers_to_add": [_details(name)],
    }


_SENTENCES = {
    FORGED: (
        code_pb2.UNAUTHENTICATED,
        "The request brings a header that only the gateway itself may set.",
    ),
    UNKNOWN: (code_pb2.UNIMPLEMENTED, "The mesh has no such public RPC."),
    "limit-exceeded": (
        code_pb2.RESOURCE_EXHAUSTED,
        "This client makes more calls than the edge lets one client make.",
    ),
}


def _details(name: str) -> Config:
    return {
        "header": {"key": "grpc-status-details-bin", "value": details(name)},
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    }


def details(name: str) -> str:
    """`google.rpc.Status` with its one ErrorInfo, as the header carries it."""
    code, sentence = _SENTENCES[name]
    status = status_pb2.Status(code=code, message=sentence)
    info = any_pb2.Any()
    reason = name.upper().replace("-", "_")
    info.Pack(error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN))
    status.details.append(info)
    return b64encode(status.SerializeToString(deterministic=True)).decode().rstrip("=")


def limited() -> Config:
    """The header with which the limit of a client is explained."""
    return _details("limit-exceeded")

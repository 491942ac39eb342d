"""What the edge itself answers: every way in which Envoy refuses, with the reason that a client is
told and that stands in the trail. One table, read by both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

OWN = "gateway.cbss"
"""The domain of the reasons that only the edge gives (`cbss.gateway.v1.ErrorReason`)."""
SHARED = "cbss"
"""The domain of the reasons that every service shares (`cbss.common.v1.ErrorReason`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way to refuse."""

    reason: str
    details: Sequence[str]
    """What stands in Envoy's details of it (`%RESPONSE_CODE_DETAILS%`), one of these."""
    code: int
    """The gRPC code (`google.rpc.Code`)."""
    http_status: int
    sentence: str
    domain: str = OWN
    retry_after: timedelta | None = None
    """When it helps to repeat the call."""

    def status(self) -> status_pb2.Status:
        """The answer as every other failure of the mesh: with one ErrorInfo."""
        status = status_pb2.Status(code=self.code, message=self.sentence)
        _add(status, error_details_pb2.ErrorInfo(reason=self.reason, domain=self.domain))
        if self.retry_after is not None:
            wait = error_details_pb2.RetryInfo()
            wait.retry_delay.FromTimedelta(self.retry_after)
            _add(status, wait)
        return status


def _add(status: status_pb2.Status, message: object) -> None:
    detail = any_pb2.Any()
    detail.Pack(message)
    status.details.append(detail)


def _judged(reason: str) -> str:
    """How Envoy details a refusal by the judgement of that name, whatever its number."""
    return f"-{reason}]"


FORGED = Answer(
    reason="IDENTITY_FORGED",
    details=(_judged("IDENTITY_FORGED"),),
    code=code_pb2.UNAUTHENTICATED,
    http_status=401,
    sentence="The request brings a header that only the gateway itself may set.",
)
CERTIFICATE = Answer(
    reason="CERTIFICATE_TOO_LARGE",
    details=(_judged("CERTIFICATE_TOO_LARGE"),),
    code=code_pb2.RESOURCE_EXHAUSTED,
    http_status=431,
    sentence="The certificate is larger than the mesh accepts (16 KiB as it is forwarded).",
)
HEADERS = Answer(
    reason="HEADERS_TOO_LARGE",
    details=(_judged("HEADERS_TOO_LARGE"), "headers_too_large", "header_limit", "headers_count"),
    code=code_pb2.RESOURCE_EXHAUSTED,
    http_status=431,
    sentence="The headers or metadata are larger or more than the mesh accepts (48 KiB, 200).",
)
ORIGIN = Answer(
    reason="ORIGIN_FOREIGN",
    details=(_judged("ORIGIN_FOREIGN"),),
    code=code_pb2.PERMISSION_DENIED,
    http_status=403,
    sentence="The call was begun by a page of another origin; nobody else acts for a client.",
)
QUERY = Answer(
    reason="QUERY_REFUSED",
    details=(_judged("QUERY_REFUSED"),),
    code=code_pb2.INVALID_ARGUMENT,
    http_status=400,
    sentence="The address has a query; everything that is asked stands in the message.",
)
METHOD = Answer(
    reason="METHOD_REFUSED",
    details=(_judged("METHOD_REFUSED"),),
    code=code_pb2.UNIMPLEMENTED,
    http_status=405,
    sentence="An RPC is called with POST; the OpenAPI document is read with GET.",
)
CONTENT_TYPE = Answer(
    reason="CONTENT_TYPE_REFUSED",
    details=(_judged("CONTENT_TYPE_REFUSED"),),
    code=code_pb2.INVALID_ARGUMENT,
    http_status=415,
    sentence="The content type is neither application/json nor one of application/grpc.",
)
PATH = Answer(
    reason="PATH_UNKNOWN",
    details=(_judged("PATH_UNKNOWN"),),
    code=code_pb2.UNIMPLEMENTED,
    http_status=404,
    sentence="The mesh has no such public RPC.",
)
JUDGEMENTS = (FORGED, CERTIFICATE, HEADERS, PATH, METHOD, QUERY, ORIGIN, CONTENT_TYPE)
"""What is judged before the message is looked into, in this order."""

ANSWERS: Sequence[Answer] = (
    *JUDGEMENTS,
    Answer(
        reason="LIMIT_EXCEEDED",
        details=("rate_limited",),
        code=code_pb2.RESOURCE_EXHAUSTED,
        http_status=429,
        sentence="This client makes more calls than the edge lets one client make.",
        retry_after=timedelta(seconds=1),
    ),
    Answer(
        reason="MESSAGE_TOO_LARGE",
        details=("request_payload_too_large",),
        code=code_pb2.RESOURCE_EXHAUSTED,
        http_status=413,
        sentence="The message is larger than the mesh accepts.",
        domain=SHARED,
    ),
    Answer(
        reason="ANSWER_TOO_LARGE",
        details=("response_payload_too_large",),
        code=code_pb2.RESOURCE_EXHAUSTED,
        http_status=500,
        sentence="The answer is larger than can be written as JSON; ask for less, or in gRPC.",
    ),
    Answer(
        reason="MESSAGE_UNREADABLE",
        details=("grpc_json_transcode_failure",),
        code=code_pb2.INVALID_ARGUMENT,
        http_status=400,
        sentence="The message cannot be parsed.",
        domain=SHARED,
    ),
    Answer(
        reason="EDGE_OVERLOADED",
        details=("overflow", "overload"),
        code=code_pb2.UNAVAILABLE,
        http_status=503,
        sentence="The edge has more to do than it can; repeat the call.",
        retry_after=timedelta(seconds=1),
    ),
    Answer(
        reason="SERVICE_UNAVAILABLE",
        details=("no_healthy_upstream", "upstream_reset", "protocol_error", "cluster_not_found"),
        code=code_pb2.UNAVAILABLE,
        http_status=503,
        sentence="The service behind this RPC is away; repeat the call.",
        retry_after=timedelta(seconds=1),
    ),
    Answer(
        reason="DEADLINE_SPENT",
        details=("timeout",),
        code=code_pb2.DEADLINE_EXCEEDED,
        http_status=504,
        sentence="The time that was given for the answer is over.",
        domain=SHARED,
    ),
    Answer(
        reason="REQUEST_REFUSED",
        details=("",),
        code=code_pb2.INVALID_ARGUMENT,
        http_status=400,
        sentence="The request is not one that the edge can pass on.",
    ),
)
"""Every refusal; of those whose details fit, the first counts."""

_LEFT = ("downstream_remote_disconnect", "remote_reset", "downstream_local_disconnect")


def answer_of(details: str) -> Answer | None:
    """The answer that Envoy's details mean; nothing if the client left before there was one."""
    if any(part in details for part in _LEFT):
        return None
    return next(one for one in ANSWERS if any(part in details for part in one.details))

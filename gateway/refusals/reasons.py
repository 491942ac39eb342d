"""Which lines of Envoy's log are refusals, and why Envoy refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Line = Mapping[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RPC = re.compile(r"/([A-Za-z0-9_.]{1,120}/[A-Za-z0-9_]{1,80})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

_HANDSHAKE = (
    ("certificate_revoked", "CERTIFICATE_REVOKED"),
    ("certificate_has_expired", "CERTIFICATE_EXPIRED"),
    ("certificate_is_not_yet_valid", "CERTIFICATE_NOT_YET_VALID"),
    ("CERTIFICATE_VERIFY_FAILED", "CERTIFICATE_UNTRUSTED"),
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_MISSING"),
    ("UNSUPPORTED_PROTOCOL", "PROTOCOL_TOO_OLD"),
    ("", "HANDSHAKE_FAILED"),
)
"""What stands in BoringSSL's words, the first that is found, and what we call it."""

_CALL = (
    (re.compile(r"request_rate_limited|.*rate_limited.*"), "LIMIT_EXCEEDED"),
    (re.compile(r"max_duration_timeout|.*timeout.*"), "DEADLINE_SPENT"),
    (re.compile(r"grpc_json_transcode_failure.*"), "MESSAGE_UNREADABLE"),
    (re.compile(r"no_healthy_upstream|upstream_reset.*|cluster_not_found"), "SERVICE_UNAVAILABLE"),
    (re.compile(r"overflow|.*overload.*"), "EDGE_OVERLOADED"),
    (re.compile(r"downstream_remote_disconnect|.*remote_reset.*"), None),
    (re.compile(r".*"), "REQUEST_REFUSED"),
)
"""How Envoy details an answer of its own, and what we call it; nothing if the client left."""

_ANSWERING_ROUTES = {"openapi": None}
"""Routes with an answer that is no refusal."""


@dataclass(frozen=True, slots=True)
class EdgeRefusal:
    """One refusal."""

    occurred_at: datetime
    reason: str
    rpc: str
    """The RPC that was called; empty if it never came so far, or if the path is of no such form."""
    certificate_sha256: str
    """Of the certificate that was shown, trusted or not; empty if there was none."""
    trace_id: str


def refusal(line: Line) -> EdgeRefusal | None:
    """What a line of the log refuses; nothing if it tells of something else."""
    reason = _reason(line)
    at = _instant(str(line.get("at")))
    if reason is None or at is None:
        return None
    trace = _TRACE.fullmatch(str(line.get("trace")))
    certificate = str(line.get("certificate"))
    rpc = _RPC.fullmatch(str(line.get("path")).partition("?")[0])
    return EdgeRefusal(
        at,
        reason,
        rpc[1] if rpc else "",
        certificate if _DIGEST.fullmatch(certificate) else "",
        trace[1] if trace else "",
    )


def _reason(line: Line) -> str | None:
    details = line.get("details")
    if not isinstance(details, str):
        return None
    if line.get("kind") == "connection":
        return next(reason for words, reason in _HANDSHAKE if words in details)
    if details == "direct_response":
        route = str(line.get("route"))
        return _ANSWERING_ROUTES.get(route, route.upper().replace("-", "_"))
    return next(reason for form, reason in _CALL if form.fullmatch(details))


def _instant(text: str) -> datetime | None:
    try:
        seconds, _, fraction = text.partition(".")
        return _EPOCH + timedelta(
            seconds=int(seconds), microseconds=int(fraction[:6].ljust(6, "0"))
        )
    except (ValueError, OverflowError):
        return None

"""Which lines of Envoy's log are refusals, and why Envoy refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.answers import answer_of

Line = Mapping[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RPC = re.compile(r"[A-Za-z0-9_.]{1,120}/[A-Za-z0-9_]{1,80}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

_HANDSHAKE = (
    ("certificate_revoked", "CERTIFICATE_REVOKED"),
    ("certificate_has_expired", "CERTIFICATE_EXPIRED"),
    ("certificate_is_not_yet_valid", "CERTIFICATE_NOT_YET_VALID"),
    ("CRL_has_expired", "REVOCATION_LIST_EXPIRED"),
    ("CRL_is_not_yet_valid", "REVOCATION_LIST_NOT_YET_VALID"),
    ("unable_to_get_certificate_CRL", "REVOCATION_LIST_MISSING"),
    ("ALERT_CERTIFICATE_EXPIRED", "OWN_CERTIFICATE_EXPIRED"),
    ("CERTIFICATE_VERIFY_FAILED", "CERTIFICATE_UNTRUSTED"),
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_MISSING"),
    ("UNSUPPORTED_PROTOCOL", "PROTOCOL_TOO_OLD"),
    ("", "HANDSHAKE_FAILED"),
)
"""What stands in BoringSSL's words, the first that is found, and what we call it."""


@dataclass(frozen=True, slots=True)
class EdgeRefusal:
    """One refusal."""

    occurred_at: datetime
    reason: str
    rpc: str
    """The public RPC that was called; empty if it never came so far, or if there is no such one."""
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
    rpc = _RPC.fullmatch(str(line.get("route")))
    return EdgeRefusal(
        at,
        reason,
        rpc[0] if rpc else "",
        certificate if _DIGEST.fullmatch(certificate) else "",
        trace[1] if trace else "",
    )


def _reason(line: Line) -> str | None:
    details = line.get("details")
    if not isinstance(details, str):
        return None
    if line.get("kind") == "connection":
        return next(reason for words, reason in _HANDSHAKE if words in details)
    # The OpenAPI document, the one answer of the edge's own that is no refusal.
    answer = None if details == "direct_response" else answer_of(details)
    return None if answer is None else answer.reason


def _instant(text: str) -> datetime | None:
    try:
        seconds, _, fraction = text.partition(".")
        return _EPOCH + timedelta(
            seconds=int(seconds), microseconds=int(fraction[:6].ljust(6, "0"))
        )
    except (ValueError, OverflowError):
        return None

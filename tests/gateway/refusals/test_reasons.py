"""Which lines of Envoy's log are refusals, and why: lines as Envoy writes them."""

import json

import pytest

from gateway.refusals.reasons import refusal
from gateway.refusals.records import record_of

RPC = "cbss.routing.v1.RoutingService/Consult"
VERIFY = (
    "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:"
    "_X509_verify_cert:_certificate_verification_error_at_depth_0:"
)


def connection(details):
    return {
        "kind": "connection",
        "at": "1795487370.609122000",
        "certificate": "24" * 32,
        "connection": 9,
        "details": details,
    }


def call(details, route=RPC, **others):
    return {
        "kind": "call",
        "at": "1795487370.605040000",
        "certificate": "40" * 32,
        "details": details,
        "flags": "-",
        "route": route,
        "connection": 7,
        "trace": None,
        **others,
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (connection(VERIFY + "_unable_to_get_local_issuer_certificate"), "CERTIFICATE_UNTRUSTED"),
        (connection(VERIFY + "_certificate_has_expired"), "CERTIFICATE_EXPIRED"),
        (connection(VERIFY + "_certificate_revoked:TLS_error_end"), "CERTIFICATE_REVOKED"),
        (connection(VERIFY + "_CRL_has_expired"), "REVOCATION_LIST_EXPIRED"),
        (connection(VERIFY + "_CRL_is_not_yet_valid"), "REVOCATION_LIST_NOT_YET_VALID"),
        (connection("TLS_error:SSLV3_ALERT_CERTIFICATE_EXPIRED"), "OWN_CERTIFICATE_EXPIRED"),
        (connection(VERIFY + "_certificate_is_not_yet_valid"), "CERTIFICATE_NOT_YET_VALID"),
        (
            connection("TLS_error:|268435648:PEER_DID_NOT_RETURN_A_CERTIFICATE:TLS_error_end"),
            "CERTIFICATE_MISSING",
        ),
        (connection("TLS_error:UNSUPPORTED_PROTOCOL"), "PROTOCOL_TOO_OLD"),
        (connection("TLS_error:anything_else"), "HANDSHAKE_FAILED"),
        (connection(None), None),
        (call("rbac_access_denied_matched_policy[00-IDENTITY_FORGED]"), "IDENTITY_FORGED"),
        (call("rbac_access_denied_matched_policy[03-PATH_UNKNOWN]", None), "PATH_UNKNOWN"),
        (call("rbac_access_denied_matched_policy[07-ORIGIN_FOREIGN]"), "ORIGIN_FOREIGN"),
        (call("direct_response", "openapi"), None),
        (call("request_payload_too_large"), "MESSAGE_TOO_LARGE"),
        (call("response_payload_too_large"), "ANSWER_TOO_LARGE"),
        (call("http1.headers_too_large"), "HEADERS_TOO_LARGE"),
        (call("upstream_reset_before_response_started{overflow}"), "EDGE_OVERLOADED"),
        (
            call("upstream_reset_before_response_started{connection_timeout}"),
            "SERVICE_UNAVAILABLE",
        ),
        (call("path_normalization_failed", None), "REQUEST_REFUSED"),
        (call("request_rate_limited"), "LIMIT_EXCEEDED"),
        (call("max_duration_timeout"), "DEADLINE_SPENT"),
        (call("grpc_json_transcode_failure{INVALID_ARGUMENT}"), "MESSAGE_UNREADABLE"),
        (call("no_healthy_upstream"), "SERVICE_UNAVAILABLE"),
        (call("upstream_reset_before_response_started{connection_failure}"), "SERVICE_UNAVAILABLE"),
        (call("downstream_remote_disconnect"), None),
        (call("http2.remote_reset"), None),
        (call("something_new"), "REQUEST_REFUSED"),
        (call(None), None),
        ({}, None),
        (call("request_rate_limited", at="soon"), None),
    ],
)
def test_a_line_is_a_refusal_for_a_reason_or_none(line, reason):
    found = refusal(line)

    assert (found and found.reason) == reason


def test_a_refusal_tells_when_what_and_who():
    trace = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"

    found = refusal(call("request_rate_limited", trace=trace))

    assert found.occurred_at.isoformat() == "2026-11-24T02:29:30.605040+00:00"
    assert (found.rpc, found.certificate_sha256) == (RPC, "40" * 32)
    assert found.trace_id == "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "change",
    [
        {"route": "71713000318"},
        {"path": "/a.B/71713000318?ssin=71713000318"},
        {"certificate": "71713000318"},
        {"trace": "71713000318"},
    ],
)
def test_what_a_client_made_up_does_not_get_into_the_trail(change):
    line = json.dumps(call("request_rate_limited", **change)).encode()

    assert b"71713000318" not in record_of(line).SerializeToString()


def test_the_same_line_makes_the_same_record_and_another_line_another():
    line = json.dumps(call("request_rate_limited")).encode()
    other = json.dumps(call("request_rate_limited", connection=8)).encode()

    assert record_of(line) == record_of(line)
    assert record_of(line).record_id != record_of(other).record_id


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_line_that_is_cut_off_makes_no_record(line):
    assert record_of(line) is None

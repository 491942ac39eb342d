"""Where Envoy finds its certificates: files it watches, so that a new one needs no restart."""

from pathlib import Path
from typing import Any

from gateway.envoy.names import Config, message

_TLS = "envoy.extensions.transport_sockets.tls.v3"
_TLS_1_3 = {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"}

SERVER = "server"
"""The identity that institutions see."""
MESH = "mesh"
"""The identity that services see."""


def downstream(folder: Path, *, asks_certificate: bool = True) -> Config:
    """The listener's side: TLS 1.3, and a client certificate that is trusted and not revoked,
    unless the door is open."""
    common: Config = {
        "alpn_protocols": ["h2", "http/1.1"],
        "tls_params": _TLS_1_3,
        "tls_certificate_sds_secret_configs": [_secret(folder, f"{SERVER}-certificate")],
    }
    if asks_certificate:
        validation = _secret(folder, f"{SERVER}-validation")
        common["validation_context_sds_secret_config"] = validation
    context = {
        "require_client_certificate": asks_certificate,
        # A resumed session would not show its certificate again, and escape a revocation.
        "disable_stateless_session_resumption": True,
        "disable_stateful_session_resumption": True,
        "common_tls_context": common,
    }
    return _socket(message(f"{_TLS}.DownstreamTlsContext", **context))


def upstream(folder: Path, server_name: str, *, identity: str = MESH) -> Config:
    """A cluster's side: the gateway's certificate, and a server that proves to be the one meant."""
    context = {
        "sni": server_name,
        "common_tls_context": {
            "alpn_protocols": ["h2"],
            "tls_params": _TLS_1_3,
            "tls_certificate_sds_secret_configs": [_secret(folder, f"{identity}-certificate")],
            "combined_validation_context": {
                "default_validation_context": {
                    "match_typed_subject_alt_names": [
                        {"san_type": "DNS", "matcher": {"exact": server_name}}
                    ]
                },
                "validation_context_sds_secret_config": _secret(folder, f"{identity}-validation"),
            },
        },
    }
    return _socket(message(f"{_TLS}.UpstreamTlsContext", **context))


def _socket(context: Config) -> Config:
    return {"name": "envoy.transport_sockets.tls", "typed_config": context}


def _secret(folder: Path, name: str) -> Config:
    path = folder / f"{name}.json"
    source = {"path": str(path), "watched_directory": {"path": str(folder)}}
    return {
        "name": name,
        "sds_config": {"path_config_source": source, "resource_api_version": "V3"},
    }


def certificate(name: str, chain: str, private_key: str) -> dict[str, Any]:
    """The file in which Envoy reads a certificate and its key."""
    held = {
        "certificate_chain": {"inline_string": chain},
        "private_key": {"inline_string": private_key},
    }
    return _resource(f"{name}-certificate", tls_certificate=held)


def validation(name: str, authority: str, revoked: str | None) -> dict[str, Any]:
    """The file in which Envoy reads whom to trust, and whom no longer."""
    held: dict[str, Any] = {"trusted_ca": {"inline_string": authority}}
    if revoked is not None:
        held["crl"] = {"inline_string": revoked}
    return _resource(f"{name}-validation", validation_context=held)


def _resource(name: str, **held: Any) -> dict[str, Any]:
    return {"resources": [message(f"{_TLS}.Secret", name=name, **held)]}

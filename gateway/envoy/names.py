"""How Envoy names things: typed extensions, addresses, spans of time."""

from datetime import timedelta
from typing import Any

Config = dict[str, Any]
"""A part of Envoy's configuration; Envoy itself validates the whole."""


def message(kind: str, /, **fields: Any) -> Config:
    """A message of Envoy's by its full name."""
    return {"@type": f"type.googleapis.com/{kind}", **fields}


def extension(name: str, kind: str, /, **fields: Any) -> Config:
    """A named extension with its message."""
    return {"name": name, "typed_config": message(kind, **fields)}


def socket_address(address: str) -> Config:
    """`host:port` as Envoy writes it; `dns:///host:port` alike."""
    host, _, port = address.removeprefix("dns:///").rpartition(":")
    return {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}


def seconds(span: timedelta) -> str:
    """A span of time as proto JSON writes it."""
    return f"{span.total_seconds():g}s"

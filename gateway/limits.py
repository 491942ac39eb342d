"""What one client, and all of them together, may ask of the edge."""

from dataclasses import dataclass
from datetime import timedelta

from services.kit import bounds


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the edge. A bound that is reached is an answer (RESOURCE_EXHAUSTED), not a wait."""

    burst: int = 4_000
    """Calls that one client certificate may make at once, after a silence."""
    per_second: int = 2_000
    """Calls a second that one client certificate may make in the long run."""
    overall_per_second: int = 1_000_000
    """Calls a second of all clients together."""
    clients: int = 4_096
    """Client certificates that are counted each by itself; the longest silent is forgotten."""
    connections: int = 10_000
    """Connections of all clients together."""
    streams: int = 256
    """Calls at the same time on one connection."""
    message_bytes: int = bounds.MESSAGE
    """Bytes of one message."""
    header_bytes: int = bounds.METADATA
    """Bytes of the headers of one call, the certificate with them as it is forwarded."""
    certificate_bytes: int = bounds.CERTIFICATE
    """Bytes of a client's certificate as it is forwarded."""
    headers: int = 200
    """Headers of one call."""
    parsed_header_kilobytes: int = 128
    """Kilobytes of headers after which a call is cut off without a word, far above what is refused
    with one."""
    connection_age: timedelta = timedelta(seconds=45)
    """How long a connection lives: a certificate that is revoked must be shown again by then."""
    connection_drain: timedelta = timedelta(seconds=5)
    """How long the calls on an aged connection may still take."""
    idle: timedelta = timedelta(seconds=60)
    """How long a connection may be without a call."""


OPEN = Limits(
    burst=200,
    per_second=50,
    overall_per_second=500,
    streams=32,
    connections=1_000,
    parsed_header_kilobytes=64,
)
"""Bounds of the open door, where a client is an address: reading the register must never take what
the exchanges need."""

PAGES = Limits(
    burst=400,
    per_second=100,
    overall_per_second=2_000,
    streams=64,
    connections=2_000,
    message_bytes=64 * 1024,
    headers=100,
    parsed_header_kilobytes=32,
)
"""Bounds of the door for people, where a client is an address, be it that of a whole office."""

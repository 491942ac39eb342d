"""What one client, and all of them together, may ask of the edge."""

from dataclasses import dataclass
from datetime import timedelta


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
    buffer_bytes: int = 1024 * 1024
    """Bytes of one message that the edge holds at most, for JSON."""
    header_kilobytes: int = 32
    """Kilobytes of request headers."""
    connection_age: timedelta = timedelta(seconds=45)
    """How long a connection lives: a certificate that is revoked must be shown again by then."""
    connection_drain: timedelta = timedelta(seconds=5)
    """How long the calls on an aged connection may still take."""
    idle: timedelta = timedelta(seconds=60)
    """How long a connection may be without a call."""


OPEN = Limits(burst=200, per_second=50, overall_per_second=500, streams=32, connections=1_000)
"""Bounds of the open door, where a client is an address: reading the register must never take what
the exchanges need."""

"""All that the store says of places and instants, in one hash that the log signs beside its tree.

The tree says what the records are. Where they are in the order of recording and when they came
into the log stands in `span` only, and searches by time believe it: so every run of places is
hashed upon those before it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct

from services.audit.trail.model import Span

START = sha256(b"").digest()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RUN = Struct(">QQIq")

Placed = tuple[Span, datetime]
"""A run of places, and when it came into the log."""


def extend_chain(chain: bytes, placed: Iterable[Placed]) -> bytes:
    """The hash after some more runs."""
    for span, at in placed:
        instant = (at - _EPOCH) // _MICROSECOND
        run = _RUN.pack(span.first_index, span.first_sequence, span.count, instant)
        chain = sha256(chain + run).digest()
    return chain

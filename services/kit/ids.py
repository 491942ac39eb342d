"""Identifications that sort by the time they were made."""

import os
import secrets
import struct
import time
from collections.abc import Iterator
from uuid import UUID

_DRAWN_AT_ONCE = 512
_chance: Iterator[tuple[int]] = iter(())


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562): milliseconds, then a finer fraction, then chance."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | _drawn() >> 2)


def _drawn() -> int:
    """64 bits of chance: asking the system for them costs as much as all the rest."""
    global _chance
    for (bits,) in _chance:
        return bits
    _chance = struct.iter_unpack("Q", secrets.token_bytes(8 * _DRAWN_AT_ONCE))
    return next(_chance)[0]


def _forget() -> None:
    global _chance
    _chance = iter(())


# A child would go on with what its parent drew.
os.register_at_fork(after_in_child=_forget)

"""The leaves of the log: a record as it is hashed, whole and in one way only.

Each part after its length in four bytes: `record_id`, `ticket`, the keyed digest of the person, the
content, the ground. That is also how PostgreSQL copies columns out in binary, so that hundreds of
thousands of records a second are hashed as they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from uuid import UUID

from services.audit.model import Kept

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER = len(SIGNATURE) + 8
_ABSENT = b"\xff\xff\xff\xff"
_LENGTH = Struct(">I")
_HEAD = Struct(">h4xq4xi4xi")
"""Seven columns: the place, the customer, the ground, then those of the leaf."""
_COLUMNS = 7
_PERSON_AT = 70
"""Where the length of the person's digest stands, from the start of a row."""


@dataclass(frozen=True, slots=True)
class KnownGround:
    """A ground as the leaves of its records end with it, and the customer it names."""

    framed: bytes
    customer: int


Grounds = Mapping[int, KnownGround]


class CopyDamaged(Exception):
    """What was copied out is not what was asked for."""


def framed(part: bytes | None) -> bytes:
    """A part after its length."""
    return _ABSENT if part is None else _LENGTH.pack(len(part)) + part


def leaf(kept: Kept, key: int | None) -> bytes:
    """The leaf of a record."""
    person = None if key is None else key.to_bytes(8, "big", signed=True)
    parts = (kept.record_id.bytes, kept.ticket.bytes, person, kept.content, kept.ground)
    return b"".join(map(framed, parts))


@dataclass(slots=True)
class Hashed:
    """Records that were copied out, in the order of recording: side by side, each its place, the
    hash of its leaf, and whether its customer is the one of its ground."""

    sequences: list[int]
    hashes: list[bytes]
    starts: list[int]
    """Where in the copy each row begins."""
    misfiled: list[int]
    """Which of them name another customer than their ground does."""


def grounds_in(copied: bytes) -> set[int]:
    """The grounds that copied records name."""
    return {_HEAD.unpack_from(copied, at)[3] for at in _rows(copied)}


def hashed(copied: bytes, grounds: Grounds) -> Hashed:
    """The leaves of copied records; KeyError if a ground is not known."""
    found = Hashed([], [], [], [])
    sequences, hashes, starts = found.sequences, found.hashes, found.starts
    head, length = _HEAD.unpack_from, _LENGTH.unpack_from
    at = _HEADER
    while True:
        columns = copied[at : at + 2]
        if columns == b"\xff\xff":
            return found
        _, sequence, customer, ground_id = head(copied, at)
        content_at = at + _PERSON_AT + (4 if copied[at + _PERSON_AT] else 12)
        end = content_at + 4 + length(copied, content_at)[0]
        ground = grounds[ground_id]
        sequences.append(sequence)
        starts.append(at)
        hashes.append(sha256(b"\0" + copied[at + 30 : end] + ground.framed).digest())
        if ground.customer != customer:
            found.misfiled.append(len(hashes) - 1)
        at = end


def record_id_at(copied: bytes, at: int) -> str:
    """The identification of the copied record that begins at a place."""
    return str(UUID(bytes=copied[at + 34 : at + 50]))


def _rows(copied: bytes) -> list[int]:
    if not copied.startswith(SIGNATURE):
        raise CopyDamaged
    at, rows = _HEADER, []
    while copied[at : at + 2] != b"\xff\xff":
        if _HEAD.unpack_from(copied, at)[0] != _COLUMNS:
            raise CopyDamaged
        rows.append(at)
        content_at = at + _PERSON_AT + (4 if copied[at + _PERSON_AT] else 12)
        at = content_at + 4 + _LENGTH.unpack_from(copied, content_at)[0]
    return rows

"""The leaves of the log: a record as it is hashed, whole and in one way only.

Each part after its length in four bytes: `record_id`, `ticket`, the keyed digest of the person, the
content, the ground. That is also how PostgreSQL copies columns out in binary, so that hundreds of
thousands of records a second are hashed as they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from services.audit.model import Kept

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER = len(SIGNATURE) + 8
_TRAILER = b"\xff\xff"
_ABSENT = b"\xff\xff\xff\xff"
_LENGTH = Struct(">I")
_HEAD = Struct(">h4xq4xi4xi40xi")
"""Seven columns: the place, the customer, the ground, then those of the leaf; of these the length
of the person's digest, which is -1 where there is none."""
_COLUMNS = 7
_LEAF_AT = 30
_DIGEST_AT, _CONTENT_AT = 74, 82


class KnownGround(NamedTuple):
    """A ground as the leaves of its records end with it, and the customer it names."""

    framed: bytes
    customer: int


Grounds = Mapping[int, KnownGround]


class CopyDamaged(Exception):
    """What was copied out is not what was asked for."""


class LeafDamaged(Exception):
    """The bytes are no leaf."""


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
    """Records that were copied out, in the order of recording: side by side, each its place and the
    hash of its leaf."""

    sequences: list[int]
    hashes: list[bytes]
    misfiled: list[int]
    """Which of them name another customer than their ground does."""


def grounds_in(copied: bytes) -> set[int]:
    """The grounds that copied records name."""
    return {_HEAD.unpack_from(copied, at)[3] for at in starts(copied)}


def hashed(copied: bytes, grounds: Grounds) -> Hashed:
    """The leaves of copied records; KeyError if a ground is not known."""
    found = Hashed([], [], [])
    add_sequence, add_hash = found.sequences.append, found.hashes.append
    head, length, digest = _HEAD.unpack_from, _LENGTH.unpack_from, sha256
    at, end = _HEADER, len(copied) - len(_TRAILER)
    # One turn of this loop is what proving a record costs: nothing is named that is used once.
    while at < end:
        _, sequence, customer, ground_id, person = head(copied, at)
        content_at = at + (_DIGEST_AT if person < 0 else _CONTENT_AT)
        after = content_at + 4 + length(copied, content_at)[0]
        ground, named = grounds[ground_id]
        add_sequence(sequence)
        add_hash(digest(b"\0" + copied[at + _LEAF_AT : after] + ground).digest())
        if named != customer:
            found.misfiled.append(len(found.hashes) - 1)
        at = after
    return found


def starts(copied: bytes) -> list[int]:
    """Where in a copy each row begins."""
    if not copied.startswith(SIGNATURE) or not copied.endswith(_TRAILER):
        raise CopyDamaged
    at, end, rows = _HEADER, len(copied) - len(_TRAILER), []
    while at < end:
        columns, *_, person = _HEAD.unpack_from(copied, at)
        if columns != _COLUMNS:
            raise CopyDamaged
        rows.append(at)
        content_at = at + (_DIGEST_AT if person < 0 else _CONTENT_AT)
        at = content_at + 4 + _LENGTH.unpack_from(copied, content_at)[0]
    return rows


def record_id_at(copied: bytes, at: int) -> str:
    """The identification of the copied record that begins at a place."""
    return str(UUID(bytes=copied[at + 34 : at + 50]))


def leaves_in(copied: bytes, grounds: Grounds) -> list[bytes]:
    """The leaves of copied records."""
    rows = starts(copied)
    ends = [*rows[1:], len(copied) - len(_TRAILER)]
    return [
        copied[at + _LEAF_AT : end] + grounds[_HEAD.unpack_from(copied, at)[3]].framed
        for at, end in zip(rows, ends, strict=False)
    ]


def parts_of(leaf: bytes, sequence: int) -> tuple[Kept, int | None]:
    """The record that a leaf holds, and the digest its person is found by; LeafDamaged if it is
    none."""
    parts: list[bytes | None] = []
    at = 0
    while at < len(leaf):
        head = leaf[at : at + 4]
        length = 0 if head == _ABSENT else int.from_bytes(head, "big")
        at += 4 + length
        parts.append(None if head == _ABSENT else leaf[at - length : at])
    match parts:
        case [bytes(record), bytes(ticket), person, bytes(content), bytes(ground)] if (
            at == len(leaf) and len(record) == len(ticket) == 16
        ):
            key = None if person is None else int.from_bytes(person, "big", signed=True)
            kept = Kept(sequence, UUID(bytes=record), UUID(bytes=ticket), content, ground)
            return kept, key
    raise LeafDamaged

"""The leaves of the log: a record as it is hashed, whole and in one way only.

Each part after its length in four bytes: `record_id`, `ticket`, the keyed digest of the person, the
content, the ground. That is also how PostgreSQL copies columns out in binary, so that hundreds of
thousands of records a second are hashed as they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from struct import Struct
from uuid import UUID

from services.audit.trail.model import Kept

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER = len(SIGNATURE) + 8
ROOM = bytes(8)
"""What is put behind a copy, so that the head of its last row never ends beyond it."""
_TRAILER = b"\xff\xff" + ROOM
_ABSENT = b"\xff\xff\xff\xff"
_LENGTH = Struct(">I")
_HEAD = Struct(">6xq4x12s40xi8xI")
"""Seven columns: the place, the customer and the ground (as one), then those of the leaf; of these
the length of the person's digest, which is -1 where there is none, and behind a digest the length
of the content."""
_COLUMNS = (7).to_bytes(2, "big")
_LEAF_AT = 30
_DIGEST_AT, _CONTENT_AT = 74, 82
_FILING = Struct(">iii")
_NAMED = Struct(">I16sI16s")
_DIGEST = Struct(">Iq")

Grounds = Mapping[bytes, bytes]
"""Grounds as the leaves of their records end with them, by where a record is filed: its customer
and its ground as they stand in a copy, which is right only if the ground names that customer."""


class CopyDamaged(Exception):
    """What was copied out is not what was asked for."""


class LeafDamaged(Exception):
    """The bytes are no leaf."""


def frame(part: bytes | None) -> bytes:
    """A part after its length."""
    return _ABSENT if part is None else _LENGTH.pack(len(part)) + part


def leaf(kept: Kept, key: int | None) -> bytes:
    """The leaf of a record."""
    return leaf_of(kept.record_id, kept.ticket, key, kept.content, kept.ground)


def leaf_of(record_id: UUID, ticket: UUID, key: int | None, content: bytes, ground: bytes) -> bytes:
    """The same of its parts."""
    person = _ABSENT if key is None else _DIGEST.pack(8, key)
    named = _NAMED.pack(16, record_id.bytes, 16, ticket.bytes)
    sizes = _LENGTH.pack(len(content)), _LENGTH.pack(len(ground))
    return b"".join((named, person, sizes[0], content, sizes[1], ground))


def filing(customer: int, ground_id: int) -> bytes:
    """Where the records of a customer with a ground are filed."""
    return _FILING.pack(customer, 4, ground_id)


def ground_in(filed: bytes) -> int:
    """The number of the ground in a filing."""
    return int.from_bytes(filed[8:], "big", signed=True)


def by_number(grounds: Grounds) -> dict[int, bytes]:
    """The grounds by their numbers alone."""
    return {ground_in(filed): ground for filed, ground in grounds.items()}


@dataclass(slots=True)
class Hashed:
    """Records that were copied out, in the order of recording: side by side, each its place and the
    hash of its leaf."""

    sequences: list[int]
    hashes: list[bytes]
    misfiled: list[int] = field(default_factory=list)
    """Which of them are filed under another customer than their ground names."""


def hash_leaves(copied: bytes, grounds: Grounds) -> Hashed:
    """The leaves of copied records; KeyError if one is filed under what is not known."""
    found = Hashed([], [])
    add_sequence, add_hash = found.sequences.append, found.hashes.append
    head, length, digest = _HEAD.unpack_from, _LENGTH.unpack_from, sha256
    at, end = _HEADER, len(copied) - len(_TRAILER)
    # One turn of this loop is what proving a record costs: nothing is named that is used once.
    while at < end:
        sequence, filed, person, size = head(copied, at)
        if person < 0:
            after = at + _DIGEST_AT + 4 + length(copied, at + _DIGEST_AT)[0]
        else:
            after = at + _CONTENT_AT + 4 + size
        add_hash(digest(b"\0" + copied[at + _LEAF_AT : after] + grounds[filed]).digest())
        add_sequence(sequence)
        at = after
    return found


def filings_in(copied: bytes) -> list[bytes]:
    """Where each of the copied records is filed."""
    return [_HEAD.unpack_from(copied, at)[1] for at in starts(copied)]


def starts(copied: bytes) -> list[int]:
    """Where in a copy each row begins."""
    if not copied.startswith(SIGNATURE) or not copied.endswith(_TRAILER):
        raise CopyDamaged
    at, end, rows = _HEADER, len(copied) - len(_TRAILER), []
    while at < end:
        if copied[at : at + 2] != _COLUMNS:
            raise CopyDamaged
        rows.append(at)
        content_at = at + (_DIGEST_AT if _HEAD.unpack_from(copied, at)[2] < 0 else _CONTENT_AT)
        at = content_at + 4 + _LENGTH.unpack_from(copied, content_at)[0]
    return rows


def record_id_at(copied: bytes, at: int) -> str:
    """The identification of the copied record that begins at a place."""
    return str(UUID(bytes=copied[at + 34 : at + 50]))


def leaves_in(copied: bytes, grounds: Mapping[int, bytes]) -> list[bytes]:
    """The leaves of copied records."""
    rows = starts(copied)
    ends = [*rows[1:], len(copied) - len(_TRAILER)]
    return [
        copied[at + _LEAF_AT : end] + grounds[ground_in(_HEAD.unpack_from(copied, at)[1])]
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

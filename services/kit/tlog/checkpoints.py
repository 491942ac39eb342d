"""What a log vouches for (C2SP tlog-checkpoint): its origin, its size and its root."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from services.kit.tlog.hashes import HASH_BYTES
from services.kit.tlog.notes import NoteInvalid


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log at a moment."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The state that a note's text tells, or NoteInvalid; further lines are passed over."""
        lines = text.split("\n")
        if len(lines) < 4:
            raise NoteInvalid
        origin, size, root = lines[:3]
        try:
            hashed = b64decode(root, validate=True)
        except ValueError:
            raise NoteInvalid from None
        canonical = size.isascii() and size.isdecimal() and str(int(size)) == size
        if not origin or not canonical or len(hashed) != HASH_BYTES:
            raise NoteInvalid
        return cls(origin, int(size), hashed)

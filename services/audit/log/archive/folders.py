"""A month in a folder: written, read, and proved."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, cast

from services.audit.log.archive.proving import Rest, root_with
from services.audit.trail.model import Kept, Span
from services.audit.trail.store.leaves import LeafDamaged, parts_of
from services.kit.files import replace_file
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import leaf_hash
from services.kit.tlog.notes import Note, NoteInvalid, Verifier
from services.kit.tlog.proofs import ProofInvalid

FORMAT = 1
LEVEL = 6
_LENGTH_BYTES = 2


class ArchiveDamaged(Exception):
    """The files are not what the log signed."""


@dataclass(frozen=True)
class Description:
    """Where the leaves are in the log."""

    month: int
    first_index: int
    count: int
    spans: tuple[Span, ...]
    rest: Rest

    def text(self) -> str:
        """As it is written."""
        return json.dumps(
            {
                "format": FORMAT,
                "month": self.month,
                "first_index": self.first_index,
                "count": self.count,
                "spans": [[s.first_index, s.first_sequence, s.count] for s in self.spans],
                "rest": [[first, last, root.hex()] for (first, last), root in self.rest.items()],
            }
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """As it was written, or ArchiveDamaged."""
        try:
            held = json.loads(text)
            if held["format"] != FORMAT:
                raise ArchiveDamaged
            return cls(
                int(held["month"]),
                int(held["first_index"]),
                int(held["count"]),
                tuple(Span(*map(int, span)) for span in held["spans"]),
                {(int(f), int(t)): bytes.fromhex(root) for f, t, root in held["rest"]},
            )
        except (ValueError, KeyError, TypeError):
            raise ArchiveDamaged from None


@dataclass(frozen=True)
class Folder:
    """The files of one month."""

    path: Path

    def writer(self) -> BinaryIO:
        """Where leaves are written; to be closed by who opened it."""
        self.path.mkdir(parents=True, exist_ok=True)
        return cast(BinaryIO, gzip.open(self.path / "leaves.gz", "wb", compresslevel=LEVEL))

    def describe(self, description: Description, checkpoint: bytes) -> None:
        """Write what the leaves need to be proved; without it the folder is none."""
        replace_file(self.path / "checkpoint", checkpoint)
        replace_file(self.path / "month.json", description.text().encode())

    def description(self) -> Description:
        """Where the leaves are in the log, or ArchiveDamaged."""
        try:
            return Description.parse((self.path / "month.json").read_text("utf-8"))
        except FileNotFoundError:
            raise ArchiveDamaged from None

    def leaves(self) -> Iterator[bytes]:
        """The leaves in order, or ArchiveDamaged."""
        try:
            with gzip.open(self.path / "leaves.gz", "rb") as file:
                while length := file.read(_LENGTH_BYTES):
                    size = int.from_bytes(length, "big")
                    leaf = file.read(size)
                    if len(length) < _LENGTH_BYTES or len(leaf) < size:
                        raise ArchiveDamaged
                    yield leaf
        except (OSError, EOFError, zlib.error):
            raise ArchiveDamaged from None

    def prove(self, key: Verifier) -> Description:
        """ArchiveDamaged unless the leaves are those that the log signed."""
        described = self.description()
        try:
            note = Note.decode((self.path / "checkpoint").read_bytes())
            note.signature_of(key)
            signed = Checkpoint.parse(note.text)
            hashes = map(leaf_hash, self.leaves())
            root = root_with(hashes, signed.size, described.rest)
        except (OSError, NoteInvalid, ProofInvalid):
            raise ArchiveDamaged from None
        inside = signed.size - sum(last - first for first, last in described.rest)
        if root != signed.root or inside != described.count:
            raise ArchiveDamaged
        return described

    def records(self) -> Iterator[tuple[Kept, int | None]]:
        """The records in order, each with the digest its person is found by, not proved here."""
        described = self.description()
        places = (span.first_sequence + n for span in described.spans for n in range(span.count))
        try:
            for leaf, sequence in zip(self.leaves(), places, strict=True):
                yield parts_of(leaf, sequence)
        except (ValueError, LeafDamaged):
            raise ArchiveDamaged from None


def framed_entry(leaf: bytes) -> bytes:
    """A leaf as it stands in the file."""
    return len(leaf).to_bytes(_LENGTH_BYTES, "big") + leaf

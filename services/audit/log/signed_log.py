"""The log as the sequencer shows it in files, read only: what is signed, and proofs from tiles."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from services.audit.errors import LogUnsigned
from services.audit.trail.model import Signed
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note, Verifier
from services.kit.tlog.proofs import consistency, inclusion
from services.kit.tlog.tiles import TileFiles


class SignedLog:
    """The folder of the log."""

    def __init__(self, folder: Path, verifier: Verifier) -> None:
        self._checkpoint = folder / "checkpoint"
        self._verifier = verifier
        self._tiles = TileFiles(folder)

    async def signed(self) -> Signed:
        """What the log vouches for now, or LogUnsigned; NoteInvalid if it did not sign it."""
        return await asyncio.to_thread(self._signed)

    def _signed(self) -> Signed:
        try:
            written = self._checkpoint.read_text("utf-8")
        except FileNotFoundError:
            raise LogUnsigned from None
        note = Note.parse(written)
        note.signature_of(self._verifier)
        checkpoint = Checkpoint.parse(note.text)
        return Signed(written, checkpoint.size, checkpoint.root)

    async def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that the leaf at an index is in the log of a size."""
        return await asyncio.to_thread(inclusion, index, size, self._tiles.subtree)

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of one size begins with that of another."""
        return await asyncio.to_thread(consistency, old, new, self._tiles.subtree)

"""The log as the sequencer shows it, read only: what is signed, and proofs from tiles."""

import asyncio
from collections.abc import Sequence

from services.audit.errors import LogUnsigned
from services.audit.log.notes import CHECKPOINT
from services.audit.trail.model import Signed
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note, Verifier
from services.kit.tlog.proofs import consistency, inclusion
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import Tiles


class SignedLog:
    """The storage of the log."""

    def __init__(self, storage: Storage, verifier: Verifier) -> None:
        self._storage = storage
        self._verifier = verifier
        self._tiles = Tiles(storage)

    async def signed(self) -> Signed:
        """What the log vouches for now, or LogUnsigned; NoteInvalid if it did not sign it."""
        return await asyncio.to_thread(self._signed)

    def _signed(self) -> Signed:
        written = self._storage.read(CHECKPOINT)
        if written is None:
            raise LogUnsigned
        note = Note.decode(written)
        note.signature_of(self._verifier)
        checkpoint = Checkpoint.parse(note.text)
        return Signed(written.decode(), checkpoint.size, checkpoint.root)

    async def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that the leaf at an index is in the log of a size."""
        return await asyncio.to_thread(inclusion, index, size, self._tiles.subtree)

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of one size begins with that of another."""
        return await asyncio.to_thread(consistency, old, new, self._tiles.subtree)

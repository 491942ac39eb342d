"""The checkpoint, signed and cosigned, in the file where everybody reads it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.kit.files import replace_file
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note, NoteInvalid, Signer, Verifier

CHECKPOINT = "checkpoint"
PLACES = "places"
"""What is signed of the runs of places, beside the checkpoint and in its form: its own origin,
the same size, and the hash of all runs instead of a root."""


class Cosigner(Protocol):
    """Who vouches that the log only grows."""

    async def cosign(self, checkpoint: Checkpoint, signed: str) -> str:
        """Signature lines to add; none if it is away. LogForked or LogRewound if it has seen
        another log."""


@dataclass(frozen=True)
class Publication:
    """The file, and who signs what is in it."""

    folder: Path
    signer: Signer
    cosigner: Cosigner | None = None

    def published(self) -> Checkpoint | None:
        """What the file says, if this log signed it; NoteInvalid if somebody else wrote it."""
        return signed_in(self.folder / CHECKPOINT, self.signer.verifier)

    def placed(self) -> Checkpoint | None:
        """The same of the places."""
        return signed_in(self.folder / PLACES, self.signer.verifier, PLACES)

    async def publish(self, size: int, root: bytes, chain: bytes) -> bool:
        """Sign, have it cosigned if the witness answers in time, and put it in the file; whether
        all did who should. What is said of the places is there before, so that it is never behind.
        """
        name = self.signer.verifier.name
        places = self._signed(Checkpoint(f"{name}/{PLACES}", size, chain))
        await asyncio.to_thread(replace_file, self.folder / PLACES, places.encode())
        checkpoint = Checkpoint(name, size, root)
        signed = self._signed(checkpoint)
        cosigned = "" if self.cosigner is None else await self.cosigner.cosign(checkpoint, signed)
        written = (signed + cosigned).encode()
        await asyncio.to_thread(replace_file, self.folder / CHECKPOINT, written)
        return self.cosigner is None or bool(cosigned)

    def _signed(self, checkpoint: Checkpoint) -> str:
        return f"{checkpoint.text}\n{self.signer.sign(checkpoint.text)}"


def signed_in(path: Path, verifier: Verifier, part: str = "") -> Checkpoint | None:
    """What a log signed in a file, of itself or of a part; nothing without the file, NoteInvalid if
    somebody else wrote it."""
    try:
        written = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    note = Note.parse(written)
    note.signature_of(verifier)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != (f"{verifier.name}/{part}" if part else verifier.name):
        raise NoteInvalid
    return checkpoint

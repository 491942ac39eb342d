"""The checkpoint, signed and cosigned, in the file where everybody reads it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.kit.files import replace_file
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note, Signer

CHECKPOINT = "checkpoint"


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
        try:
            written = (self.folder / CHECKPOINT).read_text("utf-8")
        except FileNotFoundError:
            return None
        note = Note.parse(written)
        note.signature_of(self.signer.verifier)
        return Checkpoint.parse(note.text)

    async def publish(self, size: int, root: bytes) -> bool:
        """Sign, have it cosigned if the witness answers in time, and put it in the file; whether
        all did who should."""
        checkpoint = Checkpoint(self.signer.verifier.name, size, root)
        signed = f"{checkpoint.text}\n{self.signer.sign(checkpoint.text)}"
        cosigned = "" if self.cosigner is None else await self.cosigner.cosign(checkpoint, signed)
        written = (signed + cosigned).encode()
        await asyncio.to_thread(replace_file, self.folder / CHECKPOINT, written)
        return self.cosigner is None or bool(cosigned)

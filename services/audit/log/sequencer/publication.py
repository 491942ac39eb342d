"""The checkpoint, signed and cosigned, where everybody reads it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from services.audit.errors import SequencerFenced
from services.audit.log.notes import CHECKPOINT, PLACES, signed_in
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import NoteInvalid, Signer
from services.kit.tlog.storage import Outrun, Storage


class Cosigner(Protocol):
    """Who vouches that the log only grows."""

    async def cosign(self, checkpoint: Checkpoint, signed: str) -> str:
        """Signature lines to add; none if it is away. LogForked or LogRewound if it has seen
        another log."""


@dataclass(frozen=True)
class Publication:
    """Where it is read, and who signs it."""

    storage: Storage
    signer: Signer
    cosigner: Cosigner | None = None

    def published(self) -> Checkpoint | None:
        """What was signed last, if this log signed it; NoteInvalid if somebody else wrote it."""
        return signed_in(self.storage.read(CHECKPOINT), self.signer.verifier)

    def placed(self) -> Checkpoint | None:
        """The same of the places."""
        return signed_in(self.storage.read(PLACES), self.signer.verifier, PLACES)

    async def publish(self, size: int, root: bytes, chain: bytes) -> bool:
        """Sign, have it cosigned if the witness answers in time, and show it; whether all did who
        should. What is said of the places is there before, so that it is never behind.

        SequencerFenced if somebody else signed more: what is shown never shrinks.
        """
        name = self.signer.verifier.name
        places = self._signed(Checkpoint(f"{name}/{PLACES}", size, chain))
        await asyncio.to_thread(self._show, PLACES, PLACES, size, places.encode())
        checkpoint = Checkpoint(name, size, root)
        signed = self._signed(checkpoint)
        cosigned = "" if self.cosigner is None else await self.cosigner.cosign(checkpoint, signed)
        written = (signed + cosigned).encode()
        await asyncio.to_thread(self._show, CHECKPOINT, "", size, written)
        return self.cosigner is None or bool(cosigned)

    def _show(self, name: str, part: str, size: int, signed: bytes) -> None:
        before = self.storage.read(name)
        with suppress(NoteInvalid):
            shown = signed_in(before, self.signer.verifier, part)
            if shown is not None and shown.size > size:
                raise SequencerFenced
        try:
            self.storage.replace(name, before, signed)
        except Outrun:
            raise SequencerFenced from None

    def _signed(self, checkpoint: Checkpoint) -> str:
        return f"{checkpoint.text}\n{self.signer.sign(checkpoint.text)}"

"""What was signed and cosigned, here and elsewhere, against the tree as its tiles have it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from services.audit.log.notes import CHECKPOINT, PLACES, signed_in
from services.audit.log.verification.findings import Finding, Flaw
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import root_of
from services.kit.tlog.notes import Note, NoteInvalid, Verifier
from services.kit.tlog.proofs import Subtree
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import TileMissing, Tiles

PATIENCE = 5.0
"""Seconds that the witness may take to answer."""
LOOKS, BETWEEN = 20, 0.05
"""How often, and how many seconds apart, notes are read that are written after one another."""


@dataclass(frozen=True)
class Signatures:
    """Where the log is, and whose signatures count."""

    storage: Storage
    log_key: Verifier
    witness_key: Verifier | None = None
    earlier: Sequence[Path] = ()
    """Checkpoints that were kept elsewhere: the log must still begin with them."""
    witness: str = ""
    """Where the witness says what it cosigned last: `host:port`, or a file; empty for nobody."""

    def signed(self) -> tuple[Checkpoint | None, Checkpoint | None]:
        """What the log signed last, of itself and of its places; nothing where it signed nothing,
        NoteInvalid if somebody else wrote it."""
        for _ in range(LOOKS):
            log, places = self._read(CHECKPOINT, ""), self._read(PLACES, PLACES)
            if (log and log.size) == (places and places.size):
                break
            time.sleep(BETWEEN)
        return log, places

    def _read(self, name: str, part: str) -> Checkpoint | None:
        return signed_in(self.storage.read(name), self.log_key, part)

    def cosigned(self, signed: Checkpoint) -> Iterator[Finding]:
        """Whether the witness cosigned what is signed."""
        if self.witness_key is None:
            return
        try:
            note = Note.decode(self.storage.read(CHECKPOINT) or b"")
            note.signature_of(self.witness_key)
        except NoteInvalid:
            yield Finding(Flaw.UNWITNESSED, index=signed.size)

    def grown(self, signed: Checkpoint) -> Iterator[Finding]:
        """Where the log does not begin with what was signed or cosigned before."""
        for path in self.earlier:
            try:
                earlier = signed_in(path.read_bytes(), self.log_key)
            except (FileNotFoundError, NoteInvalid):
                earlier = None
            if earlier is None:
                yield Finding(Flaw.UNSIGNED, what=path.name)
            elif not self._begins_with(earlier, signed):
                yield Finding(Flaw.INCONSISTENT, index=earlier.size, what=path.name)
        if self.witness:
            yield from self._witnessed(signed)

    def _witnessed(self, signed: Checkpoint) -> Iterator[Finding]:
        try:
            written = told_by(self.witness, self.log_key.name)
        except (OSError, HTTPException, ValueError) as away:
            yield Finding(Flaw.WITNESS_AWAY, what=type(away).__name__)
            return
        if written is None:
            if signed.size:
                yield Finding(Flaw.FORGOTTEN_BY_WITNESS, index=signed.size)
            return
        try:
            note = Note.parse(written)
            for key in (self.log_key, self.witness_key):
                if key is not None:
                    note.signature_of(key)
            last = Checkpoint.parse(note.text)
        except NoteInvalid:
            yield Finding(Flaw.UNWITNESSED, what="what the witness says")
            return
        latest = self._waited_for(last.size) or signed
        if last.size > latest.size:
            yield Finding(Flaw.PUT_BACK, index=latest.size, what=f"{last.size} were cosigned")
        elif not self._begins_with(last, latest):
            yield Finding(Flaw.INCONSISTENT, index=last.size, what="what the witness cosigned")
        elif last.size < signed.size and self.witness_key is not None:
            yield Finding(Flaw.FORGOTTEN_BY_WITNESS, index=last.size)

    def _waited_for(self, size: int) -> Checkpoint | None:
        """The checkpoint, once it is as large as one that was cosigned a moment before."""
        for _ in range(LOOKS):
            signed = self._read(CHECKPOINT, "")
            if signed is not None and signed.size >= size:
                break
            time.sleep(BETWEEN)
        return signed

    def _begins_with(self, earlier: Checkpoint, signed: Checkpoint) -> bool:
        subtree = Tiles(self.storage).subtree
        return earlier.size <= signed.size and root_at(earlier.size, subtree) == earlier.root


def verifier(text: str) -> Verifier:
    """The public key in a text, or in the file of that name."""
    path = Path(text)
    return Verifier.parse(path.read_text() if path.is_file() else text)


def root_at(size: int, subtree: Subtree) -> bytes | None:
    """The root of the tree of a size, as the tiles have it."""
    try:
        return subtree(0, size) if size else root_of([])
    except TileMissing:
        return None


def told_by(witness: str, origin: str) -> str | None:
    """What a witness cosigned last of a log; nothing if it never did."""
    path = Path(witness)
    if "/" in witness or path.exists():
        return path.read_text("utf-8") if path.exists() else None
    connection = HTTPConnection(witness, timeout=PATIENCE)
    try:
        connection.request("GET", f"/checkpoint/{quote(origin, safe='')}")
        answer = connection.getresponse()
        body = answer.read(64 * 1024).decode()
    finally:
        connection.close()
    if answer.status not in (200, 404):
        raise ValueError(answer.status)
    return body if answer.status == 200 else None

"""When a checkpoint is cosigned, and what is answered when it is not (C2SP tlog-witness)."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import EMPTY_ROOT, HASH_BYTES
from services.kit.tlog.notes import Note, NoteInvalid, Verifier
from services.kit.tlog.proofs import ProofInvalid, verify_consistency

LONGEST_PROOF = 63


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint, and the proof that it grew from an older one."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Refused:
    """No cosignature: the HTTP status, and what goes with it."""

    status: int
    body: str = ""
    is_evidence: bool = False
    """Whether what the log signed shows that it misbehaves."""


MALFORMED = Refused(400)
UNKNOWN = Refused(404)
UNSIGNED = Refused(403)


def parse_submission(body: str) -> Submission | Refused:
    """The submission in a request's body."""
    head, parted, written = body.partition("\n\n")
    first, *lines = head.split("\n")
    word, _, size = first.partition(" ")
    canonical = size.isascii() and size.isdecimal() and str(int(size)) == size
    if not parted or word != "old" or not canonical or len(lines) > LONGEST_PROOF:
        return MALFORMED
    try:
        proof = tuple(b64decode(line, validate=True) for line in lines)
        note = Note.parse(written)
        checkpoint = Checkpoint.parse(note.text)
    except (ValueError, NoteInvalid):
        return MALFORMED
    if any(len(one) != HASH_BYTES for one in proof):
        return MALFORMED
    return Submission(int(size), proof, note, checkpoint)


def judge_submission(
    asked: Submission, logs: Mapping[str, Verifier], seen: Checkpoint | None
) -> Checkpoint | Refused:
    """The checkpoint to cosign, or why not; `seen` is the last one that was cosigned."""
    log = logs.get(asked.checkpoint.origin)
    if log is None:
        return UNKNOWN
    try:
        asked.note.signature_of(log)
    except NoteInvalid:
        return UNSIGNED
    if asked.old > asked.checkpoint.size:
        return MALFORMED
    known = seen or Checkpoint(asked.checkpoint.origin, 0, EMPTY_ROOT)
    if asked.old != known.size:
        return Refused(409, f"{known.size}\n", is_evidence=asked.checkpoint.size < known.size)
    if asked.old == asked.checkpoint.size:
        if asked.checkpoint.root != known.root:
            return Refused(409, f"{known.size}\n", is_evidence=True)
        return asked.checkpoint
    try:
        verify_consistency(
            asked.old, asked.checkpoint.size, asked.proof, known.root, asked.checkpoint.root
        )
    except ProofInvalid:
        return Refused(422, is_evidence=True)
    return asked.checkpoint

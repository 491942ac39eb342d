"""What the log signs of itself, and under which names that is kept beside its tiles."""

from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note, NoteInvalid, Verifier

CHECKPOINT = "checkpoint"
PLACES = "places"
"""What is signed of the runs of places, beside the checkpoint and in its form: its own origin,
the same size, and the hash of all runs instead of a root."""


def signed_in(written: bytes | None, verifier: Verifier, part: str = "") -> Checkpoint | None:
    """What a log signed, of itself or of a part; nothing where nothing was written, NoteInvalid if
    somebody else wrote it."""
    if written is None:
        return None
    note = Note.decode(written)
    note.signature_of(verifier)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != (f"{verifier.name}/{part}" if part else verifier.name):
        raise NoteInvalid
    return checkpoint

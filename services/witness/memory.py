"""What the witness saw last of each log, and what it refused, in files of its own."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from services.kit.files import replace_file
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note

MOST_EVIDENCE = 100
"""How many refused checkpoints are kept: the first ones, which show how it began."""


class StateTaken(Exception):
    """Another witness keeps its state here; two would forget what the other saw."""


class Memory:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._evidence = folder / "refused"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one to remember here, or StateTaken."""
        self._evidence.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StateTaken(str(self._folder)) from None
            yield

    def last(self, origin: str) -> Checkpoint | None:
        """The checkpoint that was last cosigned of a log."""
        written = self.note(origin)
        return None if written is None else Checkpoint.parse(Note.parse(written).text)

    def note(self, origin: str) -> str | None:
        """The same as it was signed and cosigned."""
        try:
            return self.path(origin).read_text("utf-8")
        except FileNotFoundError:
            return None

    def remember(self, origin: str, note: str) -> None:
        """Keep what is about to be cosigned, durable when this returns."""
        replace_file(self.path(origin), note.encode())
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def keep_evidence(self, submitted: str) -> None:
        """Keep what a log signed that does not fit with what it signed before."""
        name = sha256(submitted.encode()).hexdigest()[:32]
        kept = sum(1 for _ in self._evidence.iterdir())
        if kept < MOST_EVIDENCE:
            replace_file(self._evidence / name, submitted.encode())

    def path(self, origin: str) -> Path:
        """The file of a log."""
        return self._folder / sha256(origin.encode()).hexdigest()[:32]

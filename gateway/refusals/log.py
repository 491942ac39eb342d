"""Envoy's log of refusals, followed from where the trail left off, and turned over when it is long.

Envoy writes `refusals.jsonl`. When that has grown, it becomes `refusals.done.jsonl`, Envoy opens a
new one, and the old one is deleted once the trail has all of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.kit.files import replace_file

LONGEST = 64 * 1024
"""Bytes of a line; a longer one is cut into lines that mean nothing."""
GROWN = 16 * 1024 * 1024
"""Bytes after which the log is turned over."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that stand together, and where they end."""

    lines: Sequence[bytes]
    end: int


class RefusalLog:
    """The log, and how much of it the trail has."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "refusals.jsonl"
        self._old = folder / "refusals.done.jsonl"
        self._place = folder / "refusals.place.json"
        self._done = self._read_place()

    def unread(self, most_bytes: int = 256 * 1024) -> Part:
        """The next whole lines that the trail does not have yet."""
        path = self._current()
        try:
            with path.open("rb") as file:
                start = self._start(path)
                file.seek(start)
                text = file.read(most_bytes)
        except FileNotFoundError:
            return Part((), 0)
        whole = text.rfind(b"\n") + 1
        if not whole and len(text) > LONGEST:
            whole = len(text)
        return Part([line for line in text[:whole].split(b"\n") if line], start + whole)

    def done(self, part: Part) -> None:
        """The trail has these lines."""
        inode = self._current().stat().st_ino
        if self._done != (inode, part.end):
            self._done = (inode, part.end)
            replace_file(self._place, json.dumps(self._done).encode())

    def turn(self) -> bool:
        """Begin a new log if this one has grown; Envoy then has to open it."""
        try:
            if self._old.exists() or self.path.stat().st_size < GROWN:
                return False
        except FileNotFoundError:
            return False
        self.path.rename(self._old)
        return True

    def forget_old(self) -> None:
        """Delete the log that was turned over, once all of it is done."""
        if self._old.exists() and self._start(self._old) >= self._old.stat().st_size:
            self._old.unlink()

    def _current(self) -> Path:
        return self._old if self._old.exists() else self.path

    def _start(self, path: Path) -> int:
        stat = path.stat()
        inode, end = self._done
        return end if inode == stat.st_ino and end <= stat.st_size else 0

    def _read_place(self) -> tuple[int, int]:
        try:
            inode, end = json.loads(self._place.read_bytes())
            return int(inode), int(end)
        except (OSError, ValueError, TypeError):
            return 0, 0

"""What was acknowledged, in files that are not the database's: who owns that can make it forget,
and say that it never knew.

A process appends a line for each commit before it is acknowledged: the instant, the month, and of
every record its identification and the hash of its leaf. A line is signed together with the
signature of the line before, so that none is taken out; the first line of a file names the files
that there are, with their lengths and last signatures, so that none is cut or removed. Any process
killed leaves whole lines. Files are kept for some weeks: a record that is in a cosigned tree can no
longer be swallowed.
"""

import json
import os
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from services.kit.ids import uuid7
from services.kit.tlog.notes import Signer

SUFFIX = ".promises"
LARGEST = 64 * 1024 * 1024
"""Bytes after which a file is followed by another."""
LONGEST = 3_600.0
"""Seconds after which it is."""
KEPT = timedelta(days=35)
OPENED = "opened"
"""Stands for the month in the first line of a file."""

Promise = tuple[UUID, bytes]
"""The identification of a record, and the hash of its leaf; of what was there before, no hash."""


def signed_text(previous: str, seconds: str, month: str, content: str) -> str:
    """What the signature of a line is on."""
    return f"cbss promise\n{previous}\n{seconds} {month} {content}\n"


@dataclass
class Promises:
    """Writes the files of one process in a folder that other processes share."""

    folder: Path
    signer: Signer
    clock: Callable[[], float] = time.time
    kept: timedelta = KEPT
    _file: int | None = None
    _name: str = ""
    _previous: str = ""
    _opened_at: float = 0.0
    _size: int = 0
    _listed: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, month: int, promised: Sequence[Promise]) -> None:
        """Write down what is about to be acknowledged."""
        now = self.clock()
        if self._file is None or self._size > LARGEST or now - self._opened_at > LONGEST:
            self._open(now)
        content = b"".join(one.bytes + hashed for one, hashed in promised)
        self._write(now, str(month), b64encode(content).decode())

    def close(self) -> None:
        """End the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self, now: float) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        known = {}
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            if now - path.stat().st_mtime > self.kept.total_seconds():
                path.unlink(missing_ok=True)
            else:
                known[path.name] = end_of(path)
        self._name, self._previous = f"{uuid7()}{SUFFIX}", ""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._file = os.open(self.folder / self._name, flags, 0o644)
        self._opened_at, self._size = now, 0
        self._write(now, OPENED, b64encode(json.dumps(known).encode()).decode())

    def _write(self, now: float, month: str, content: str) -> None:
        assert self._file is not None
        seconds = str(int(now))
        signature = self.signer.sign(signed_text(self._previous, seconds, month, content)).split()[
            2
        ]
        line = f"{seconds} {month} {content} {signature}\n".encode()
        # In one go: what another process reads is whole lines.
        os.write(self._file, line)
        self._previous, self._size = signature, self._size + len(line)


def end_of(path: Path) -> tuple[int, str]:
    """How long a file is, up to its last whole line, and the signature of that."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        at, tail = size, b""
        while at and tail.count(b"\n") < 2:
            step = min(at, 64 * 1024)
            at -= step
            file.seek(at)
            tail = file.read(step) + tail
    whole = tail[: tail.rfind(b"\n") + 1]
    size -= len(tail) - len(whole)
    last = whole.decode("ascii", "replace").rstrip("\n").rpartition("\n")[2]
    return size, last.rpartition(" ")[2]

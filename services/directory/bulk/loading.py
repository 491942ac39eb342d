"""Loading a file of dossiers that may hold mistakes: what is right is loaded, the rest is reported.

A chunk is one transaction, together with how far the file has come. An interrupted load therefore
goes on where it was, and nothing is loaded or reported twice.
"""

import csv
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO

from services.concepts.problems import Problem
from services.concepts.reviewed import LoadRefused
from services.directory.errors import DossierOverlaps
from services.directory.load.dossiers import COLUMNS, DossierLines
from services.directory.model import Loaded, Progress, Registration
from services.directory.store import PostgresBulk

CHUNK = 100_000
REPORT_COLUMNS = ("line", "field", "problem")
OVERLAPS = Problem("", DossierOverlaps.message())

Told = Callable[[Progress, Loaded], None]
"""Told of each chunk: how far the file is, and what became of the chunk's lines."""


@dataclass(frozen=True)
class BulkLoad:
    """Loads one file."""

    bulk: PostgresBulk
    lines: DossierLines
    told: Told
    chunk: int = CHUNK

    async def load(self, path: Path, report: Path) -> Progress:
        """Load a CSV file; the lines that are refused stand in the report, with the reasons."""
        progress = await self.bulk.progress(digest(path))
        resume(report, progress.lines)
        with path.open("rb") as file, report.open("a", newline="") as written:
            if next(file, b"").strip() != ",".join(COLUMNS).encode():
                raise LoadRefused([Problem("", f"must be {','.join(COLUMNS)}", 1)])
            for _ in islice(file, progress.lines):
                pass
            while chunk := list(islice(file, self.chunk)):
                progress = await self._load(chunk, progress, written)
        return progress

    async def _load(self, chunk: list[bytes], progress: Progress, report: IO[str]) -> Progress:
        # Line 1 names the columns.
        read = list(self.lines.each(chunk, first=progress.lines + 2))
        wrong = [one for one in read if isinstance(one, Problem)]
        right = [one for one in read if isinstance(one, Registration)]
        moved = replace(
            progress, lines=progress.lines + len(chunk), rejected=progress.rejected + len(wrong)
        )

        def reject(clashes: Sequence[int]) -> None:
            _write(report, [*wrong, *(replace(OVERLAPS, line=line) for line in clashes)])

        loaded, moved = await self.bulk.register_rest(right, moved, reject)
        self.told(moved, loaded)
        return moved


def resume(report: Path, lines: int) -> None:
    """Make the report hold what is about the first lines only; those after are loaded again."""
    kept: list[list[str]] = []
    if report.exists() and lines:
        with report.open(newline="") as file:
            kept = [
                row for row in csv.reader(file) if row[0].isdigit() and int(row[0]) <= lines + 1
            ]
    with report.open("w", newline="") as file:
        csv.writer(file).writerows([REPORT_COLUMNS, *kept])


def _write(report: IO[str], refused: Iterable[Problem]) -> None:
    rows = sorted((one.line or 0, one.field, one.description) for one in refused)
    csv.writer(report).writerows(rows)
    report.flush()
    os.fsync(report.fileno())


def digest(path: Path) -> str:
    """The SHA-256 of a file's content, by which a load that is taken up again knows it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""What was acknowledged, against what is there."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from services.audit.log.verification.findings import Finding, Flaw
from services.audit.trail.model import Kept
from services.audit.trail.month_names import MONTH_BITS
from services.audit.trail.store.leaves import leaf
from services.audit.trail.store.promises import OPENED, SUFFIX, signed_text
from services.kit.postgres import statements
from services.kit.tlog.hashes import HASH_BYTES, leaf_hash
from services.kit.tlog.notes import NoteInvalid, Verifier, signature_in

SQL = statements("services.audit")
ID_BYTES = 16
AT_ONCE = 5_000
Ends = Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, as it was signed."""

    file: str
    end: int
    """Where in the file it ends."""
    month: str
    content: bytes
    signature: str


@dataclass(frozen=True)
class PromiseFiles:
    """The files, and who signs them."""

    folder: Path
    key: Verifier

    def lines(self, findings: list[Finding]) -> Iterator[Line]:
        """All lines that are signed; the rest is among the findings, as are files that others name
        and that are not there whole."""
        named: dict[str, Ends] = {}
        ends: dict[tuple[str, int], str] = {}
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            for line in self._of(path, findings):
                ends[line.file, line.end] = line.signature
                if line.month == OPENED:
                    named[path.name] = json.loads(line.content)
                else:
                    yield line
        if named:
            # The last to be opened names all that should be there; earlier ones may be over.
            latest = max(named)
            for name, (size, signature) in named[latest].items():
                if ends.get((name, size)) != signature:
                    findings.append(Finding(Flaw.PROMISES, what=f"{name} was cut or removed"))

    def _of(self, path: Path, findings: list[Finding]) -> Iterator[Line]:
        previous, end = "", 0
        with path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    # The machine went down in the middle of it: nobody was told.
                    break
                end += len(raw)
                line = self._signed(path.name, raw, end, previous)
                if line is None or (line.month == OPENED) != (previous == ""):
                    findings.append(Finding(Flaw.PROMISES, what=f"{path.name} at byte {end}"))
                    return
                previous = line.signature
                yield line
        if not previous:
            findings.append(Finding(Flaw.PROMISES, what=f"{path.name} is empty"))

    def _signed(self, name: str, raw: bytes, end: int, previous: str) -> Line | None:
        try:
            seconds, month, content, signature = raw.decode("ascii").rstrip("\n").split(" ")
            held = signature_in(f"— {self.key.name} {signature}")
            self.key.verify(signed_text(previous, seconds, month, content), held.signature)
            return Line(name, end, month, b64decode(content, validate=True), signature)
        except (ValueError, NoteInvalid):
            return None


async def unkept(
    connection: asyncpg.Connection, files: PromiseFiles, forgotten: frozenset[int]
) -> AsyncIterator[Finding]:
    """What was acknowledged and is not there, or not as it was."""
    findings: list[Finding] = []
    waiting: dict[int, dict[UUID, bytes]] = {}
    for line in files.lines(findings):
        month = int(line.month)
        if month in forgotten:
            continue
        asked = waiting.setdefault(month, {})
        step = ID_BYTES + HASH_BYTES
        for at in range(0, len(line.content), step):
            one = line.content[at : at + step]
            asked.setdefault(UUID(bytes=one[:ID_BYTES]), one[ID_BYTES:])
        if len(asked) >= AT_ONCE:
            async for finding in _looked_up(connection, month, waiting.pop(month)):
                yield finding
    for month, asked in waiting.items():
        async for finding in _looked_up(connection, month, asked):
            yield finding
    for finding in findings:
        yield finding


async def _looked_up(
    connection: asyncpg.Connection, month: int, asked: Mapping[UUID, bytes]
) -> AsyncIterator[Finding]:
    bounds = month - 1 << MONTH_BITS, month + 1 << MONTH_BITS
    found: dict[UUID, list[bytes]] = {}
    for row in await connection.fetch(SQL.list_records_by_id, list(asked), *bounds):
        kept = Kept(
            *(row[name] for name in ("sequence", "record_id", "ticket", "content", "ground"))
        )
        found.setdefault(kept.record_id, []).append(leaf_hash(leaf(kept, row["subject_key"])))
    for record_id, hashed in asked.items():
        if record_id not in found:
            yield Finding(Flaw.SWALLOWED, what=str(record_id))
        elif any(hashed) and hashed not in found[record_id]:
            yield Finding(Flaw.UNKEPT, what=str(record_id))

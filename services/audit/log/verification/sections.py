"""A section of the log proved: its records hashed anew and compared with its tiles.

Sections are proved side by side, each by a process that keeps one connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

import asyncpg

from services.audit.log.store.copying import copied_records, hashed_records
from services.audit.log.store.log import GROUNDS_REMEMBERED
from services.audit.log.verification.findings import Finding, Flaw, TileRoots, differences
from services.audit.trail.model import Span
from services.audit.trail.month_names import MONTH_BITS
from services.audit.trail.store.leaves import record_id_at, starts
from services.kit.postgres import statements
from services.kit.sessions import session
from services.kit.tlog.hashes import HASH_BYTES, root_of
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import WIDTH, TileMissing, Tiles, hashes_in

SQL = statements("services.audit")
NOTHING = b"\0" * HASH_BYTES
"""Stands for a record that is gone; the hash of none."""
SECTION = WIDTH * WIDTH
"""Records that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to prove: where the store and the tiles are, and which part of the log."""

    proof: UUID
    """What this is a part of."""
    dsn: str
    storage: Storage
    begin: int
    end: int
    """Before which index it ends."""
    forgotten: frozenset[int]
    """The months of which there are no records any more."""


@dataclass(slots=True)
class Proved:
    """What came of it."""

    count: int
    tiles: list[TileRoots] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    forgotten: int = 0


async def prove_sections(asked: Asked) -> Proved:
    """Prove a part of the log, section after section."""
    async with session(asked.dsn, name="verify") as connection:
        work = _Work(connection, Tiles(asked.storage), asked.forgotten, _grounds_of(asked.proof))
        result = Proved(asked.end - asked.begin)
        for begin in range(asked.begin, asked.end, SECTION):
            end = min(begin + SECTION, asked.end)
            await work.prove(begin, end, result)
        return result


@lru_cache(maxsize=1)
def _grounds_of(_proof: UUID) -> dict[bytes, bytes]:
    """The grounds that this process remembers for a proof, from one part of it to the next."""
    return {}


@dataclass
class _Work:
    connection: asyncpg.Connection
    stored: Tiles
    forgotten: frozenset[int]
    grounds: dict[bytes, bytes]

    async def prove(self, begin: int, end: int, result: Proved) -> None:
        """Prove one section."""
        expected, before = await self._places(begin, end, result)
        last = expected[-1] if expected else before
        copied = await copied_records(self.connection, before, last)
        if len(self.grounds) > GROUNDS_REMEMBERED:
            self.grounds.clear()
        found = await hashed_records(self.connection, copied, self.grounds)
        if found.misfiled:
            rows = starts(copied)
            result.findings += [
                Finding(
                    Flaw.MISFILED, sequence=found.sequences[n], what=record_id_at(copied, rows[n])
                )
                for n in found.misfiled
            ]
        if found.sequences == expected:
            tiles = [
                self._tile(begin + at, found.hashes[at : at + WIDTH])
                for at in range(0, len(expected), WIDTH)
            ]
            if all(one.records == one.file for one in tiles):
                result.tiles += tiles
                return
        by_place: dict[int, list[tuple[bytes, str]]] = {}
        for sequence, hashed_as, at in zip(
            found.sequences, found.hashes, starts(copied), strict=True
        ):
            by_place.setdefault(sequence, []).append((hashed_as, record_id_at(copied, at)))
        self._prove_slowly(begin, expected, by_place, result)

    async def _places(self, begin: int, end: int, result: Proved) -> tuple[list[int], int]:
        """The places in the order of recording of a section's records, and the one before them."""
        rows = await self.connection.fetch(SQL.list_spans_between, begin, end)
        places: list[int] = []
        at = begin
        for span in (Span(row["first_index"], row["first_sequence"], row["count"]) for row in rows):
            if span.first_index > at or span.first_index + span.count <= at:
                result.findings.append(Finding(Flaw.PLACES, span.first_index, span.first_sequence))
            skipped = max(0, begin - span.first_index)
            length = min(span.count, end - span.first_index) - skipped
            places += range(span.first_sequence + skipped, span.first_sequence + skipped + length)
            at = span.first_index + span.count
        if len(places) != end - begin or places != sorted(places):
            result.findings.append(Finding(Flaw.PLACES, begin))
        before = await self.connection.fetchval(SQL.find_place_before, begin)
        return places, -1 if before is None else before

    def _tile(self, first: int, hashes: Sequence[bytes]) -> TileRoots:
        """A tile that the records make, beside the file."""
        root = root_of(hashes)
        try:
            held = self.stored.read(0, first // WIDTH, len(hashes))
        except TileMissing:
            return TileRoots(root, None)
        if held == b"".join(hashes):
            return TileRoots(root, root)
        return TileRoots(root, root_of(hashes_in(held)))

    def _prove_slowly(
        self,
        begin: int,
        expected: list[int],
        all_found: dict[int, list[tuple[bytes, str]]],
        result: Proved,
    ) -> None:
        """The same, record by record, to say which ones it is about."""
        for sequence in sorted(all_found.keys() - set(expected)):
            result.findings += [
                Finding(Flaw.INSERTED, sequence=sequence, what=name)
                for _, name in all_found[sequence]
            ]
        files = [
            self._held(begin + at, len(expected[at : at + WIDTH]))
            for at in range(0, len(expected), WIDTH)
        ]
        signed = {
            place: (begin + n, tile[n % WIDTH])
            for n, place in enumerate(expected)
            if (tile := files[n // WIDTH]) is not None
        }
        found: dict[int, tuple[bytes, str]] = {}
        for place, there in all_found.items():
            index, hashed = signed.get(place, (None, b""))
            found[place] = next((one for one in there if one[0] == hashed), there[0])
            others = list(there)
            others.remove(found[place])
            if place in signed:
                result.findings += [Finding(Flaw.TWIN, index, place, name) for _, name in others]
        gone = {
            place: (hashed, "")
            for place, (_, hashed) in signed.items()
            if place not in found and place >> MONTH_BITS in self.forgotten
        }
        result.forgotten += len(gone)
        held = gone | found
        named: dict[int, list[Finding]] = {}
        for finding in differences(signed, held):
            assert finding.index is not None
            named.setdefault((finding.index - begin) // WIDTH, []).append(finding)
        for n, tile in enumerate(files):
            places = expected[n * WIDTH : (n + 1) * WIDTH]
            hashes = [held[place][0] if place in held else NOTHING for place in places]
            file = None if tile is None else root_of(tile)
            result.tiles.append(TileRoots(root_of(hashes), file, named.get(n, ())))

    def _held(self, first: int, width: int) -> list[bytes] | None:
        try:
            return hashes_in(self.stored.read(0, first // WIDTH, width))
        except TileMissing:
            return None

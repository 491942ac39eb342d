"""What can be wrong with a store, and whose fault it is: the records', the tiles', or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from services.kit.tlog.hashes import root_of
from services.kit.tlog.tiles import WIDTH, tile_path


class Flaw(Enum):
    """The kinds of findings."""

    ALTERED = "the record is not the one that was signed"
    MISSING = "the record is gone"
    INSERTED = "the record was never given a place in the log"
    MOVED = "the record stands in the place of another"
    MISFILED = "the record is filed under another customer than it names"
    GROUND = "the ground is filed under another customer or purpose than it names"
    PLACES = "the places of records in the tree do not follow each other"
    TILE = "the tile is not the one that was signed"
    REWRITTEN = "neither the records nor the tiles are what was signed"
    REWOUND = "the store holds fewer records than were signed"
    TWIN = "another record stands in the place of one that was signed"
    STATE = "the state of the log is not what the store holds"
    UNMERGED = "records wait for the log longer than they may"
    PUT_BACK = "the log was put back: the witness cosigned a larger one"
    WITNESS_AWAY = "the witness does not say what it cosigned"
    FORGOTTEN_BY_WITNESS = "the witness does not know what it cosigned"
    UNSIGNED = "the checkpoint is not signed by the log"
    INCONSISTENT = "the log does not begin with what was signed earlier"
    UNWITNESSED = "the checkpoint is not cosigned by the witness"
    SCHEMA = "the database is not made as its migrations make it"
    PROMISES = "the files of what was acknowledged are not what was written"
    SWALLOWED = "the record was acknowledged and is not there"
    UNKEPT = "the record is not as it was when it was acknowledged"
    KEY = "the key of the month does not open its records"
    SEALED = "what was hidden does not open, or is filed under another person"
    DUTY = "what is kept beside the log is not what its acts say"
    FROZEN = "the month is frozen, or not, otherwise than the log says"
    REFERENCE = "the reference data are not what the acts of the registry make them"
    UNDECLARED = "the month was forgotten without a record of it"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    flaw: Flaw
    index: int | None = None
    """Its place in the tree."""
    sequence: int | None = None
    """Its place in the order of recording."""
    what: str = ""
    """The record's identification, or the name of the file."""

    def __str__(self) -> str:
        index = "" if self.index is None else f"index {self.index}"
        sequence = "" if self.sequence is None else f"sequence {self.sequence}"
        told = ", ".join(part for part in (self.what, index, sequence) if part)
        return f"{self.flaw.value}: {told}" if told else self.flaw.value


@dataclass(frozen=True, slots=True)
class TileRoots:
    """A tile of leaves as the records make it, and as the file has it."""

    records: bytes
    file: bytes | None
    """Nothing if the file is missing or too short."""
    findings: Sequence[Finding] = ()
    """How the records differ from the file, if they do."""


def blame_leaves(tiles: Sequence[TileRoots], tail: int, root: bytes) -> list[Finding]:
    """What is wrong with the leaves of a tree whose root was signed.

    Whether records or file are right is for the signed root to say: it is tried with the records
    everywhere, and with the files wherever the two differ. `tail` is the width of the last tile.
    """
    differing = {n: one for n, one in enumerate(tiles) if one.records != one.file}
    if root_of([one.records for one in tiles]) == root:
        return [Finding(Flaw.TILE, what=_path(n, tiles, tail)) for n in differing]
    trusted = [
        one.file if n in differing and one.file is not None else one.records
        for n, one in enumerate(tiles)
    ]
    named = [finding for one in differing.values() for finding in one.findings]
    if root_of(trusted) == root:
        gone = [n for n, one in differing.items() if one.file is None]
        return [*named, *(Finding(Flaw.TILE, what=_path(n, tiles, tail)) for n in gone)]
    unsure = [Finding(Flaw.REWRITTEN, what=_path(n, tiles, tail)) for n in differing]
    return [*named, *(unsure or [Finding(Flaw.REWRITTEN)])]


def _path(n: int, tiles: Sequence[TileRoots], tail: int) -> str:
    return tile_path(0, n, tail if n == len(tiles) - 1 else WIDTH)


def differences(
    expected: Mapping[int, tuple[int, bytes]], found: Mapping[int, tuple[bytes, str]]
) -> list[Finding]:
    """How records differ from what a tile says.

    By their place in the order of recording: what is expected there (its index and hash), and what
    is found (its hash and identification).
    """
    belongs = {hashed: index for index, hashed in expected.values()}
    findings = []
    for sequence, (index, hashed) in expected.items():
        if sequence not in found:
            findings.append(Finding(Flaw.MISSING, index, sequence))
            continue
        is_hashed, name = found[sequence]
        if is_hashed != hashed:
            moved = is_hashed in belongs
            flaw = Flaw.MOVED if moved else Flaw.ALTERED
            of = f"{name}, which belongs at index {belongs[is_hashed]}" if moved else name
            findings.append(Finding(flaw, index, sequence, of))
    return findings


def upper_tiles(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The hashes of all levels above the leaves, from the roots over full tiles of leaves."""
    levels = [list(leaves)]
    while len(levels[-1]) >= WIDTH:
        row = levels[-1]
        levels.append([root_of(row[at : at + WIDTH]) for at in _whole(len(row))])
    return levels


def _whole(count: int) -> range:
    return range(0, count - count % WIDTH, WIDTH)

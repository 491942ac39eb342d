"""The whole log proved: sections side by side, then everything above them, up to the signature."""

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from google.protobuf.message import DecodeError

from services.audit.retention.acts import RPC, declared
from services.audit.retention.rules import named
from services.audit.store.runs import LAST, records_by_ground
from services.audit.verify.findings import Finding, Flaw, TileRoots, blamed, upper_tiles
from services.audit.verify.sections import SECTION, SQL, Asked, Proved, proved
from services.audit.wire.kept import ground_of, read
from services.kit.sessions import session
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import root_of
from services.kit.tlog.notes import Note, NoteInvalid, Verifier
from services.kit.tlog.proofs import Subtree
from services.kit.tlog.tiles import WIDTH, TileFiles, TileMissing, tile_path

LARGEST_PART = 16 * SECTION
"""Records that one process proves before it tells of them."""

GROUNDS_AT_ONCE = 10_000
MOST_ACTS = 100_000
"""Acts of forgetting that are read; there is one for each month."""


@dataclass(frozen=True)
class Store:
    """What is to be proved, and against whose signatures."""

    dsn: str
    folder: Path
    log_key: Verifier
    witness_key: Verifier | None = None
    earlier: Sequence[Path] = ()
    """Checkpoints that were kept elsewhere: the log must still begin with them."""


@dataclass
class Verdict:
    """What came of it."""

    size: int = 0
    proved: int = 0
    forgotten: int = 0
    unsigned: int = 0
    """Records that are too new to be signed."""
    findings: list[Finding] = field(default_factory=list)


Told = Callable[[int, int], None]
"""Told of how many records were proved, and of how many there are."""


def verified(store: Store, workers: int, told: Told) -> Verdict:
    """Prove the store; whatever is wrong is among the findings."""
    verdict = Verdict()
    held = uvloop.run(_held(store, verdict))
    if held.size == 0 and not store.earlier and not (store.folder / "checkpoint").exists():
        # A log that has not begun: nothing was ever signed, nothing can be missing.
        verdict.unsigned = held.unsigned
        return verdict
    signed = _signed(store, verdict)
    if signed is None:
        return verdict
    verdict.size = signed.size
    if held.size < signed.size:
        verdict.findings.append(Finding(Flaw.REWOUND, index=held.size))
        return verdict
    tiles = _sections(store, signed.size, held, workers, told, verdict)
    verdict.unsigned = held.unsigned + held.size - signed.size
    verdict.findings += _above(store, signed, tiles)
    return verdict


@dataclass(frozen=True)
class _Held:
    size: int
    last_sequence: int
    unsigned: int
    forgotten: frozenset[int]


def _signed(store: Store, verdict: Verdict) -> Checkpoint | None:
    """What the log signed last."""
    try:
        note = Note.parse((store.folder / "checkpoint").read_text("utf-8"))
        note.signature_of(store.log_key)
        signed = Checkpoint.parse(note.text)
    except (FileNotFoundError, NoteInvalid):
        verdict.findings.append(Finding(Flaw.UNSIGNED))
        return None
    if store.witness_key is not None:
        try:
            note.signature_of(store.witness_key)
        except NoteInvalid:
            verdict.findings.append(Finding(Flaw.UNWITNESSED, index=signed.size))
    return signed


async def _held(store: Store, verdict: Verdict) -> _Held:
    """How much the store says it holds; what its grounds are filed under is proved on the way."""
    async with session(store.dsn, name="verify") as connection:
        after = -1
        while rows := await connection.fetch(SQL.list_grounds_to_verify, after, GROUNDS_AT_ONCE):
            for row in rows:
                if not _is_well_filed(row):
                    verdict.findings.append(Finding(Flaw.GROUND, what=f"ground {row['ground_id']}"))
            after = rows[-1]["ground_id"]
        [state] = await connection.fetch(SQL.find_log_state)
        unsigned = await connection.fetchval(SQL.count_between, state["last_sequence"], LAST)
        months = await connection.fetch(SQL.list_forgotten_months)
        forgotten = frozenset(row["month"] for row in months)
        told = declared(await _acts(connection)) if forgotten else frozenset()
        for month in sorted(forgotten - told):
            verdict.findings.append(Finding(Flaw.UNDECLARED, what=named(month)))
        return _Held(state["size"], state["last_sequence"], unsigned, forgotten)


async def _acts(connection: asyncpg.Connection) -> list[record_pb.ExchangeRecord]:
    """The records that months were forgotten."""
    grounds = [
        row["ground_id"]
        for row in await connection.fetch(SQL.list_grounds_of_acts)
        if record_pb.ExchangeRecord.FromString(row["content"]).rpc == RPC
    ]
    return read(await records_by_ground(connection.fetch, grounds, 0, LAST, MOST_ACTS))


def _is_well_filed(row: asyncpg.Record) -> bool:
    try:
        ground = ground_of(record_pb.ExchangeRecord.FromString(row["content"]))
    except DecodeError:
        return False
    filed = (row["sha256"], row["customer"], row["legal_context"])
    return filed == (sha256(row["content"]).digest(), ground.customer, ground.legal_context)


def _sections(
    store: Store,
    size: int,
    held: _Held,
    workers: int,
    told: Told,
    verdict: Verdict,
) -> list[TileRoots]:
    step = max(SECTION, min(LARGEST_PART, size // (workers * 4) // SECTION * SECTION))
    proof = uuid4()
    parts = [
        Asked(proof, store.dsn, store.folder, begin, min(begin + step, size), held.forgotten)
        for begin in range(0, size, step)
    ]
    if held.size == size and parts:
        parts[-1] = replace(parts[-1], until=held.last_sequence)
    tiles: list[TileRoots] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(run, parts) if len(parts) > 1 else map(run, parts):
            tiles += part.tiles
            verdict.findings += part.findings
            verdict.proved += part.count - part.forgotten
            verdict.forgotten += part.forgotten
            # What is kept to the end is not looked through for garbage again and again.
            gc.freeze()
            told(verdict.proved + verdict.forgotten, size)
    return tiles


def run(asked: Asked) -> Proved:
    """Prove a part in this process."""
    return uvloop.run(proved(asked))


def _above(store: Store, signed: Checkpoint, tiles: Sequence[TileRoots]) -> list[Finding]:
    """What is wrong with the tiles, and with what was signed before."""
    findings = blamed(tiles, signed.size % WIDTH or WIDTH, signed.root)
    if any(one.flaw in (Flaw.REWRITTEN, Flaw.TILE) for one in findings):
        return findings + _inconsistent(store, signed)
    sound = [one.file or one.records for one in tiles]
    whole = sound[: signed.size // WIDTH]
    files = TileFiles(store.folder)
    for level, row in enumerate(upper_tiles(whole), 1):
        for at in range(0, len(row), WIDTH):
            part = row[at : at + WIDTH]
            if _read(files, level, at // WIDTH, len(part)) != b"".join(part):
                path = tile_path(level, at // WIDTH, len(part))
                findings.append(Finding(Flaw.TILE, what=path))
    return findings + _inconsistent(store, signed)


def _read(files: TileFiles, level: int, index: int, width: int) -> bytes | None:
    try:
        return files.read(level, index, width)
    except TileMissing:
        return None


def _inconsistent(store: Store, signed: Checkpoint) -> list[Finding]:
    """The earlier checkpoints that the log no longer begins with."""
    findings = []
    subtree = TileFiles(store.folder).subtree
    for path in store.earlier:
        try:
            note = Note.parse(path.read_text("utf-8"))
            note.signature_of(store.log_key)
            earlier = Checkpoint.parse(note.text)
        except NoteInvalid:
            findings.append(Finding(Flaw.UNSIGNED, what=path.name))
            continue
        if earlier.size > signed.size or _root(earlier.size, subtree) != earlier.root:
            findings.append(Finding(Flaw.INCONSISTENT, index=earlier.size, what=path.name))
    return findings


def _root(size: int, subtree: Subtree) -> bytes | None:
    try:
        return subtree(0, size) if size else root_of([])
    except TileMissing:
        return None

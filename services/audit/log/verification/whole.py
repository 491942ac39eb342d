"""The whole log proved: sections side by side, then everything above them, up to the signature."""

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from google.protobuf.message import DecodeError

from services.audit.log.notes import CHECKPOINT, signed_in
from services.audit.log.verification.acts import Beside, acts_in, is_act
from services.audit.log.verification.findings import (
    Finding,
    Flaw,
    TileRoots,
    blame_leaves,
    upper_tiles,
)
from services.audit.log.verification.keys import wrong_keys, wrongly_sealed
from services.audit.log.verification.promises import PromiseFiles, unkept
from services.audit.log.verification.schema import wrong_schema
from services.audit.log.verification.sections import SECTION, SQL, Asked, Proved, prove_sections
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.state import (
    state_of,
    unsigned_records,
    wrong_places,
    wrong_state,
)
from services.audit.trail.form import ground_of
from services.audit.trail.subjects import SubjectKeys
from services.kit.sessions import session
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import EMPTY_ROOT
from services.kit.tlog.notes import NoteInvalid
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import WIDTH, TileMissing, Tiles, tile_path

LARGEST_PART = 16 * SECTION
"""Records that one process proves before it tells of them."""

PATIENCE = 10.0
"""Seconds within which what is recorded must be signed: twice the alarm of the trail."""
GROUNDS_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is to be proved, and against whose signatures."""

    dsn: str
    signatures: Signatures
    subject_keys: Path | None = None
    """The secret that hides persons; without it the keys of months are not proved."""
    beside: Beside = field(default_factory=Beside)
    """What else stands in the database, and is proved by the acts in the log."""
    promises: PromiseFiles | None = None
    """What was acknowledged, if it was written down."""
    patience: float = PATIENCE
    """Seconds within which what is recorded must be signed."""

    @property
    def storage(self) -> Storage:
        """Where the tiles and the notes of the log are."""
        return self.signatures.storage


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


def verify_store(store: Store, workers: int, told: Told) -> Verdict:
    """Prove the store; whatever is wrong is among the findings."""
    verdict = Verdict()
    signed = _signed(store, verdict)
    held = uvloop.run(_held(store, *signed, verdict)) if signed is not None else None
    if signed is None or held is None:
        return verdict
    checkpoint = signed[0]
    verdict.size, verdict.unsigned = checkpoint.size, held.unsigned
    if held.size < checkpoint.size:
        verdict.findings.append(Finding(Flaw.REWOUND, index=held.size))
    else:
        tiles = _sections(store, checkpoint.size, held, workers, told, verdict)
        verdict.findings += _above(store, checkpoint, tiles)
    verdict.findings += store.signatures.cosigned(checkpoint) if checkpoint.size else ()
    verdict.findings += store.signatures.grown(checkpoint)
    if held.last_place is not None:
        verdict.findings += uvloop.run(_waiting(store, held.last_place))
    return verdict


@dataclass(frozen=True)
class _Held:
    size: int
    last_place: int | None
    """Of those that are not signed yet."""
    unsigned: int
    forgotten: frozenset[int]


def _signed(store: Store, verdict: Verdict) -> tuple[Checkpoint, Checkpoint | None] | None:
    """What the log signed last, of itself and of its places; nothing is signed of one that has not
    begun."""
    try:
        log, places = store.signatures.signed()
    except NoteInvalid:
        verdict.findings.append(Finding(Flaw.UNSIGNED))
        return None
    if log is not None:
        return log, places
    # A log that has not begun: nothing was ever signed, nothing can be missing.
    return Checkpoint(store.signatures.log_key.name, 0, EMPTY_ROOT), places


async def _held(
    store: Store, signed: Checkpoint, placed: Checkpoint | None, verdict: Verdict
) -> _Held | None:
    """How much the store holds; all that it says of itself is proved on the way."""
    async with session(store.dsn, name="verify") as connection:
        findings = verdict.findings
        findings += await wrong_schema(connection)
        acting = await _grounds(connection, store.beside.rpcs, findings)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            state = await state_of(connection)
            if state is None:
                findings.append(Finding(Flaw.STATE, what="there is not one"))
                return None
            at = datetime.now(UTC)
            judged = wrong_state(connection, state, signed, store.storage, at)
            findings += [one async for one in judged]
            findings += [one async for one in wrong_places(connection, signed, placed)]
            unsigned, last_place = await unsigned_records(connection, state, signed)
        months = await connection.fetch(SQL.list_forgotten_months)
        forgotten = frozenset(row["month"] for row in months)
        acts = await acts_in(connection, acting)
        for check in store.beside.checks:
            findings += [one async for one in check(connection, acts)]
        if store.subject_keys is not None:
            keys = SubjectKeys.read(store.subject_keys)
            findings += [one async for one in wrong_keys(connection, keys)]
            findings += [one async for one in wrongly_sealed(connection, keys)]
        if store.promises is not None:
            findings += [one async for one in unkept(connection, store.promises, forgotten)]
        return _Held(state.size, last_place, unsigned, forgotten)


async def _waiting(store: Store, last_place: int) -> list[Finding]:
    """What was there when this began and is not signed by now, or in the time that it may take."""
    ends = time.monotonic() + store.patience
    async with session(store.dsn, name="verify") as connection:
        while True:
            signed = signed_in(store.storage.read(CHECKPOINT), store.signatures.log_key)
            size = 0 if signed is None else signed.size
            place = await connection.fetchval(SQL.find_place_before, size) if size else None
            after = -1 if place is None else place
            if after >= last_place:
                return []
            if time.monotonic() >= ends:
                first = await connection.fetchrow(SQL.list_passed_over, after, last_place, 1)
                count = await connection.fetchval(SQL.count_between, after, last_place)
                told = None if first is None else first["sequence"]
                return [Finding(Flaw.UNMERGED, sequence=told, what=f"{count} records")]
            await asyncio.sleep(0.2)


async def _grounds(
    connection: asyncpg.Connection, rpcs: frozenset[str], findings: list[Finding]
) -> list[int]:
    """The grounds of acts that leave something outside the log; what all grounds are filed under is
    proved on the way."""
    acting: list[int] = []
    after = -1
    while rows := await connection.fetch(SQL.list_grounds_to_verify, after, GROUNDS_AT_ONCE):
        for row in rows:
            try:
                record = record_pb.ExchangeRecord.FromString(row["content"])
            except DecodeError:
                record = None
            if record is None or not _is_well_filed(row, record):
                findings.append(Finding(Flaw.GROUND, what=f"ground {row['ground_id']}"))
            elif is_act(record, rpcs):
                acting.append(row["ground_id"])
        after = rows[-1]["ground_id"]
    return acting


def _is_well_filed(row: asyncpg.Record, record: record_pb.ExchangeRecord) -> bool:
    ground = ground_of(record)
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
        Asked(proof, store.dsn, store.storage, begin, min(begin + step, size), held.forgotten)
        for begin in range(0, size, step)
    ]
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
    return uvloop.run(prove_sections(asked))


def _above(store: Store, signed: Checkpoint, tiles: Sequence[TileRoots]) -> list[Finding]:
    """What is wrong with the tiles."""
    findings = blame_leaves(tiles, signed.size % WIDTH or WIDTH, signed.root) if signed.size else []
    if any(one.flaw in (Flaw.REWRITTEN, Flaw.TILE) for one in findings):
        return findings
    sound = [one.file or one.records for one in tiles]
    whole = sound[: signed.size // WIDTH]
    held = Tiles(store.storage)
    for level, row in enumerate(upper_tiles(whole), 1):
        for at in range(0, len(row), WIDTH):
            part = row[at : at + WIDTH]
            if _read(held, level, at // WIDTH, len(part)) != b"".join(part):
                path = tile_path(level, at // WIDTH, len(part))
                findings.append(Finding(Flaw.TILE, what=path))
    return findings


def _read(held: Tiles, level: int, index: int, width: int) -> bytes | None:
    try:
        return held.read(level, index, width)
    except TileMissing:
        return None

"""What the store says of itself, against what it holds and what was signed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from services.audit.log.store.chain import START, extend_chain
from services.audit.log.store.log import placed_from
from services.audit.log.verification.findings import Finding, Flaw
from services.audit.log.verification.signatures import root_at
from services.audit.trail.store.runs import LAST
from services.kit.postgres import statements
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.storage import Storage
from services.kit.tlog.tiles import Tiles

SQL = statements("services.audit")
SKEW = timedelta(minutes=1)
"""How far the database's clock may be ahead of ours."""
SHOWN = 100


@dataclass(frozen=True)
class State:
    """How far the store says that the tree has grown, and what is there beyond."""

    size: int
    root: bytes
    last_sequence: int
    advanced_at: datetime
    last_place: int | None
    """Of the records."""
    handed_out: int
    """The last place that was handed out."""


async def state_of(connection: asyncpg.Connection) -> State | None:
    """What the store says; nothing if it says nothing, or more than one thing."""
    rows = await connection.fetch(SQL.find_whole_state)
    return State(**rows[0]) if len(rows) == 1 else None


async def wrong_state(
    connection: asyncpg.Connection, state: State, signed: Checkpoint, storage: Storage, at: datetime
) -> AsyncIterator[Finding]:
    """Where the state of the log is not what its runs of places, its tiles and its records say, or
    what was signed."""
    [places] = await connection.fetch(SQL.sum_places)
    end = places["last_place"] or 0
    told = {
        "its size is not that of the runs": places["size"] == state.size,
        "its root is not that of the tree": state.root
        == (
            signed.root
            if state.size == signed.size
            else root_at(state.size, Tiles(storage).subtree)
        ),
        "its last place is before that of the runs": state.last_sequence >= end,
        "its last place was never handed out": state.last_sequence <= state.handed_out,
        "records stand in places that were not handed out": (state.last_place or 0)
        <= state.handed_out,
        "its instant is before that of the last run": places["integrated_at"] is None
        or state.advanced_at >= places["integrated_at"],
        "its instant has not come": state.advanced_at <= at + SKEW,
    }
    for what, is_right in told.items():
        if not is_right:
            yield Finding(Flaw.STATE, what=what)
    passed_over = await connection.fetch(SQL.list_passed_over, end, state.last_sequence, SHOWN)
    for row in passed_over:
        yield Finding(Flaw.INSERTED, sequence=row["sequence"], what=str(row["record_id"]))


async def wrong_places(
    connection: asyncpg.Connection, signed: Checkpoint, placed: Checkpoint | None
) -> AsyncIterator[Finding]:
    """Where runs of places do not follow each other, or are not those that were signed."""
    chain, index, after, at = START, 0, -1, datetime(1970, 1, 1, tzinfo=UTC)
    reached: bytes | None = START if signed.size == 0 else None
    async for runs in placed_from(connection, 0):
        for run in runs:
            span, instant = run
            if span.first_index != index or span.first_sequence <= after or instant < at:
                yield Finding(Flaw.PLACES, span.first_index, span.first_sequence)
            index, after = span.first_index + span.count, span.first_sequence + span.count - 1
            at, chain = instant, extend_chain(chain, [run])
            if index == signed.size:
                reached = chain
    said = (0, START) if placed is None else (placed.size, placed.root)
    if said != (signed.size, reached):
        yield Finding(Flaw.PLACES, what="they are not those that were signed")


async def unsigned_records(
    connection: asyncpg.Connection, state: State, signed: Checkpoint
) -> tuple[int, int | None]:
    """How many records are not signed, and the last place of these; nothing if there are none."""
    beyond = await connection.fetchval(SQL.count_between, state.last_sequence, LAST)
    last = state.last_place if beyond else None
    if last is None and state.size > signed.size:
        last = await connection.fetchval(SQL.find_place_before, state.size)
    return beyond + max(0, state.size - signed.size), last

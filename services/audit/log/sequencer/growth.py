"""The log grows: hashes to tiles, tiles to their storage, then the store, then the signature.

The order is what makes a crash harmless. Tiles follow from the records and are the same whoever
writes them, the store moves from one size to the next once, and only what it holds is signed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from services.audit.errors import LogForked, LogRewound
from services.audit.log.store.chain import START, Placed, extend_chain
from services.audit.trail.model import Grown, Span
from services.audit.trail.store.leaves import Hashed
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.tiles import Edge, Tiles

log = structlog.get_logger()

MOST = 16_384
"""How many records are taken at once; then what they are is signed."""


class Log(Protocol):
    """The store of the log, while nobody else makes it grow."""

    async def grown(self) -> Grown:
        """How far the tree has grown."""

    async def settled(self) -> int:
        """Up to which place all records are committed."""

    async def read(self, after: int, until: int, most: int) -> Hashed:
        """The hashes of the records after a place and up to another."""

    async def advance(self, before: Grown, after: Grown, spans: Sequence[Span]) -> datetime:
        """Make the growth durable, or SequencerFenced; when that was."""

    def placed_from(self, index: int) -> AsyncIterator[Sequence[Placed]]:
        """The runs of places from an index on, some at a time."""


class Publisher(Protocol):
    """Where the world sees the log."""

    def published(self) -> Checkpoint | None:
        """What was signed last."""

    def placed(self) -> Checkpoint | None:
        """What was signed last of the places, as the root of a log of its own."""

    async def publish(self, size: int, root: bytes, chain: bytes) -> bool:
        """Sign, have it cosigned, and show it; whether who should cosign it did."""


@dataclass
class Growth:
    """One sequencer's hold on the log, from claim to loss."""

    log: Log
    tiles: Tiles
    publisher: Publisher
    at: Grown = field(init=False)
    edge: Edge = field(init=False)
    chain: bytes = START
    delay: float = 0.0
    """Seconds between the last records' being there to take, at the latest, and their signature."""
    _is_cosigned: bool = True
    _looked_at: float = field(default_factory=time.monotonic)

    async def open(self) -> None:
        """Go on from what the store says, and sign it if whoever was here before did not.

        LogRewound or LogForked if the store is not the log that was signed.
        """
        self.at = await self.log.grown()
        self.edge = await asyncio.to_thread(Edge.of, self.tiles, self.at.size)
        signed = await asyncio.to_thread(self.publisher.published)
        if signed is not None and signed.size > self.at.size:
            raise LogRewound
        if self.edge.root() != self.at.root:
            raise LogForked
        await self._follow_places(signed)
        if signed is not None and signed.size == self.at.size:
            if signed.root != self.at.root:
                raise LogForked
            return
        if signed is not None:
            signed_edge = await asyncio.to_thread(Edge.of, self.tiles, signed.size)
            if signed_edge.root() != signed.root:
                raise LogForked
        if self.at.size:
            await self._publish()

    async def _follow_places(self, signed: Checkpoint | None) -> None:
        """The hash of all places, from the one that was signed last on."""
        placed = await asyncio.to_thread(self.publisher.placed)
        if placed is None and signed is not None and signed.size:
            raise LogForked
        size = 0 if placed is None else placed.size
        if size > self.at.size:
            raise LogRewound
        self.chain = START if placed is None else placed.root
        async for runs in self.log.placed_from(size):
            for span, _ in runs:
                if span.first_index != size:
                    raise LogForked
                size += span.count
            self.chain = extend_chain(self.chain, runs)
        if size != self.at.size:
            raise LogForked

    async def _publish(self) -> None:
        grown = self.at
        self._is_cosigned = await self.publisher.publish(grown.size, grown.root, self.chain)

    async def step(self) -> int:
        """Take all that is there now; how many records that were."""
        since, self._looked_at = self._looked_at, time.monotonic()
        until, before = await self.log.settled(), self.at.size
        while self.at.last_sequence < until:
            taken = await self.log.read(self.at.last_sequence, until, MOST)
            await self._take(taken, until)
        grown = self.at.size - before
        if not grown and not self._is_cosigned:
            # The witness was away when this was signed; it is asked again until it answers.
            await self._publish()
        self.delay = time.monotonic() - since if grown else 0.0
        return grown

    async def _take(self, taken: Hashed, until: int) -> None:
        was_all = len(taken.hashes) < MOST
        last = until if was_all else taken.sequences[-1]
        changed = self.edge.grow(taken.hashes)
        await asyncio.to_thread(self.tiles.write, changed)
        after = Grown(self.edge.size, self.edge.root(), last)
        runs = spans(self.at.size, taken.sequences)
        at = await self.log.advance(self.at, after, runs)
        self.chain = extend_chain(self.chain, [(run, at) for run in runs])
        self.at = after
        if taken.hashes:
            await self._publish()
            await asyncio.to_thread(self.tiles.prune, changed)


def spans(first_index: int, sequences: Sequence[int]) -> list[Span]:
    """The runs in which places follow each other; between them are places that nobody took."""
    found: list[Span] = []
    begin = 0
    for end in range(1, len(sequences) + 1):
        if end == len(sequences) or sequences[end] != sequences[end - 1] + 1:
            found.append(Span(first_index + begin, sequences[begin], end - begin))
            begin = end
    return found

"""Decides on a snapshot that is kept fresh, and refuses to decide on one that is not."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import repeat
from math import inf
from typing import Protocol

import structlog

from services.access.errors import ClocksDiffer, SnapshotStale
from services.access.model import Decision, Holdings, Question
from services.access.rules.decisions import decide
from services.access.rules.snapshots import Compiler, Snapshot
from services.concepts.failures import Unavailable

log = structlog.get_logger()

MOST_REMEMBERED = 200_000
"""How many decisions of a day are kept in the form in which they travel: some 60 megabytes."""
MOST_ASKED = 50_000
"""How many distinct questions are counted between two visits to the sample."""


class Store(Protocol):
    """Holds the deliberations."""

    async def revision(self) -> int: ...

    async def holdings(self) -> Holdings: ...

    def changes(self, patience: timedelta) -> AsyncGenerator[None, None]: ...


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


class Form(Protocol):
    """How questions and decisions travel."""

    def question(self, content: bytes, field: str) -> Question: ...

    def decision(self, decision: Decision) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Today:
    """The day by the clock of this process, and those by clocks that are a bounded time off."""

    day: date
    possible: frozenset[date]

    def of(self, question: Question) -> date:
        """The day on which a question is decided; fails with ClocksDiffer."""
        asked_on = question.day or self.day
        if asked_on not in self.possible:
            raise ClocksDiffer
        return asked_on


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read, the revision of the store that it shows, and when that was verified."""

    snapshot: Snapshot
    revision: int
    verified_at: datetime
    remembered: dict[bytes, bytes] = field(default_factory=dict)
    """The decisions by the question, both as they travel. They are of this snapshot, and go when it
    goes: nothing that was granted before a suspension outlives it."""
    decided_on: list[Today] = field(default_factory=list)
    """The day on which they were taken; they go when it is over."""


class Access:
    """Checks exchanges beforehand.

    A decision never waits for the store. It is taken on the snapshot at hand, and on none that has
    not been verified for `maximum_age`: an act that was suspended meanwhile must not go on working.
    """

    def __init__(
        self, store: Store, clock: Clock, *, maximum_age: timedelta, interval: timedelta
    ) -> None:
        self._store = store
        self._clock = clock
        self._maximum_age = maximum_age
        self._interval = interval
        self._kept: Kept | None = None
        self._compiler = Compiler()
        self._refreshing = asyncio.Lock()
        self._asked: dict[date, Counter[bytes]] = {}

    def check_access(
        self, asked: Sequence[bytes], today: Today, form: Form, times: Sequence[int] | None = None
    ) -> tuple[list[bytes], str]:
        """The decisions about exchanges of today, in order and as they travel, and the name of the
        set they were taken on; each is counted as often as it was asked. Fails with ClocksDiffer
        and SnapshotStale."""
        kept = self.current()
        remembered = kept.remembered
        if kept.decided_on != [today]:
            remembered.clear()
            kept.decided_on[:] = [today]
        decided = list(map(remembered.get, asked))
        if None in decided:
            self._decide(asked, kept.snapshot, today, form, remembered)
            decided = [remembered[one] for one in asked]
        self._count(asked, times or repeat(1), today.day)
        return decided, kept.snapshot.version  # type: ignore[return-value]

    def current(self) -> Kept:
        """What was verified recently enough to decide on; fails with SnapshotStale."""
        kept = self._verified()
        if kept is None:
            raise SnapshotStale(retry_after=self._interval)
        return kept

    def ready(self) -> bool:
        """Whether questions can be decided now."""
        return self._verified() is not None

    def age(self) -> float:
        """Seconds since what is decided on was verified; endless before it was."""
        kept = self._kept
        return inf if kept is None else (self._clock() - kept.verified_at).total_seconds()

    def drain_asked(self) -> dict[date, Counter[bytes]]:
        """What was asked since the last time, by day, with how often."""
        drained, self._asked = self._asked, {}
        return drained

    async def keep_fresh(self) -> None:
        """Follow the store for as long as the process lives."""
        async with aclosing(self._store.changes(self._interval)) as changes:
            async for _ in changes:
                try:
                    await self.refresh()
                except Unavailable as away:
                    log.warning("deliberations not verified", reason=away.reason())

    async def refresh(self) -> None:
        """Verify that the snapshot is what the store holds, or read it anew."""
        # One after the other: of two looks side by side the older could be the last to be kept.
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        # The moment before the question counts: what changed after it is not in the answer.
        asked_at = self._clock()
        revision = await self._store.revision()
        kept = self._kept
        if kept is not None and kept.revision == revision:
            self._kept = replace(kept, verified_at=asked_at)
            return
        held = await self._store.holdings()
        # Beside the loop: decisions go on meanwhile, on what was verified before.
        snapshot = await asyncio.to_thread(
            self._compiler.compiled, held.deliberations, held.revision
        )
        self._kept = Kept(snapshot, held.revision, asked_at)
        log.info("snapshot read", version=snapshot.version, deliberations=len(held.deliberations))

    def _decide(
        self,
        asked: Sequence[bytes],
        snapshot: Snapshot,
        today: Today,
        form: Form,
        remembered: dict[bytes, bytes],
    ) -> None:
        if len(remembered) + len(asked) > MOST_REMEMBERED:
            remembered.clear()
        for at, content in enumerate(asked):
            if content not in remembered:
                question = form.question(content, f"questions[{at}]")
                decision = decide(question, snapshot, today.of(question))
                remembered[content] = form.decision(decision)

    def _count(self, asked: Sequence[bytes], times: Iterable[int], today: date) -> None:
        counted = self._asked.get(today)
        if counted is None:
            counted = self._asked[today] = Counter()
        if len(counted) < MOST_ASKED:
            for one, often in zip(asked, times, strict=False):
                counted[one] += often

    def _verified(self) -> Kept | None:
        kept = self._kept
        if kept is None or self._clock() - kept.verified_at > self._maximum_age:
            return None
        return kept

"""Decides on a snapshot that is kept fresh, and refuses to decide on one that is not."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog

from services.access.errors import SnapshotStale
from services.access.model import Decided, Deliberation, Question
from services.access.rules.decisions import decide
from services.access.rules.snapshots import Snapshot, compiled
from services.concepts.failures import Unavailable

log = structlog.get_logger()


class Store(Protocol):
    """Holds the deliberations."""

    async def revision(self) -> str: ...

    async def deliberations(self) -> Sequence[Deliberation]: ...

    def changes(self, patience: timedelta) -> AsyncGenerator[None, None]: ...


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """A snapshot, the revision of the store that it shows, and until when that was verified."""

    snapshot: Snapshot
    revision: str
    verified_at: datetime


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
        self._kept: _Kept | None = None

    async def check_access(self, questions: Sequence[Question], today: date) -> Decided:
        """The decisions about exchanges of today, in order. Fails with SnapshotStale."""
        snapshot = self._fresh()
        decisions = tuple([decide(question, snapshot, today) for question in questions])
        return Decided(decisions, snapshot.version)

    def ready(self) -> bool:
        """Whether questions can be decided now."""
        return self._verified() is not None

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
        # The moment before the question counts: what changed after it is not in the answer.
        asked_at = self._clock()
        revision = await self._store.revision()
        kept = self._kept
        if kept is not None and kept.revision == revision:
            self._kept = _Kept(kept.snapshot, revision, asked_at)
            return
        # Read after its revision was: if more has changed by then, the next look reads again.
        deliberations = await self._store.deliberations()
        snapshot = compiled(deliberations)
        self._kept = _Kept(snapshot, revision, asked_at)
        log.info("snapshot read", version=snapshot.version, deliberations=len(deliberations))

    def _fresh(self) -> Snapshot:
        kept = self._verified()
        if kept is None:
            raise SnapshotStale(retry_after=self._interval)
        return kept.snapshot

    def _verified(self) -> _Kept | None:
        kept = self._kept
        if kept is None or self._clock() - kept.verified_at > self._maximum_age:
            return None
        return kept

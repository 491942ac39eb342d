"""Decides on a snapshot that is kept fresh, and refuses to decide on one that is not."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog

from services.access.errors import SnapshotStale
from services.access.model import Claim, Decided, Holdings, Party, Question
from services.access.rules import identity
from services.access.rules.decisions import decide
from services.access.rules.snapshots import Snapshot, compiled
from services.concepts.failures import Unavailable

log = structlog.get_logger()


class Store(Protocol):
    """Holds the deliberations and the organizations."""

    async def revision(self) -> str: ...

    async def holdings(self) -> Holdings: ...

    def changes(self, patience: timedelta) -> AsyncGenerator[None, None]: ...


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read, the revision of the store that it shows, and when that was verified."""

    snapshot: Snapshot
    admitted: identity.Admitted
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
        snapshot = self._fresh().snapshot
        decisions = tuple([decide(question, snapshot, today) for question in questions])
        return Decided(decisions, snapshot.version)

    async def check_caller(self, claim: Claim) -> Party:
        """Who is calling and for whom.

        Fails with OrganizationUnknown, CustomerNotTheCaller and SnapshotStale.
        """
        return identity.party(claim, self._fresh().admitted)

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
            self._kept = replace(kept, verified_at=asked_at)
            return
        # Read after its revision was: if more has changed by then, the next look reads again.
        held = await self._store.holdings()
        snapshot = compiled(held.deliberations)
        admitted = {one.cbe_number: one for one in held.organizations}
        self._kept = _Kept(snapshot, admitted, revision, asked_at)
        log.info("snapshot read", version=snapshot.version, deliberations=len(held.deliberations))

    def _fresh(self) -> _Kept:
        kept = self._verified()
        if kept is None:
            raise SnapshotStale(retry_after=self._interval)
        return kept

    def _verified(self) -> _Kept | None:
        kept = self._kept
        if kept is None or self._clock() - kept.verified_at > self._maximum_age:
            return None
        return kept

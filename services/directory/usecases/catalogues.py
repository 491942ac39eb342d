"""The catalogue in memory: decisions on organizations and contracts read no database."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import monotonic
from typing import Protocol

import structlog

from services.admission import rules as admission
from services.admission.model import Call, Party
from services.concepts.failures import Unavailable
from services.directory.errors import CatalogueStale
from services.directory.model import Catalogue, Holdings, Organization, Revision, Subscription
from services.directory.rules.catalogues import (
    catalogue_of,
    current_subscriptions,
    update_subscriptions,
)

log = structlog.get_logger()


class Shelf(Protocol):
    """Keeps organizations, contracts and subscriptions, and counts what changes of them."""

    async def revision(self) -> Revision:
        """How often they were changed; what is read afterwards is as new or newer."""

    async def holdings(self) -> Holdings:
        """All organizations and contracts."""

    async def running(self, today: date) -> Sequence[Subscription]:
        """The subscriptions that have not ended."""

    async def changed(self, after: int) -> Sequence[Subscription]:
        """The subscriptions that were given or ended after a revision."""


def always() -> bool:
    """What it is made of is never too old."""
    return True


class CatalogueKeeper:
    """Keeps the catalogue in memory as it was last read, for at most `maximum_age` long, and no
    longer than what it is made of is `trusted`."""

    def __init__(
        self,
        store: Shelf,
        *,
        interval: timedelta,
        maximum_age: timedelta,
        today: Callable[[], date],
        trusted: Callable[[], bool] = always,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._interval = interval.total_seconds()
        self._maximum_age = maximum_age.total_seconds()
        self._today = today
        self._is_trusted = trusted
        self._timer = timer
        self._read_at = -float("inf")
        self._catalogue: Catalogue | None = None
        self._revision: Revision | None = None
        self._day = date.min
        self._reading = asyncio.Lock()

    def current(self) -> Catalogue:
        """The catalogue; fails rather than give one that is too old."""
        if self._catalogue is None or not self.fresh():
            raise CatalogueStale()
        return self._catalogue

    def fresh(self) -> bool:
        """Whether the catalogue was read recently enough to decide on."""
        return self._is_trusted() and self.age() <= self._maximum_age

    def age(self) -> float:
        """Seconds since it was read; endless before it was."""
        return self._timer() - self._read_at

    async def refresh(self) -> None:
        """Read what changed since it was last read: nothing but a revision if nothing did."""
        async with self._reading:
            begun_at = self._timer()
            now = await self._store.revision()
            self._catalogue = await self._read(now, self._today())
            self._revision, self._read_at = now, begun_at

    async def _read(self, now: Revision, today: date) -> Catalogue:
        known, before = self._catalogue, self._revision
        if known is None or before is None:
            holdings, running = await self._store.holdings(), await self._store.running(today)
            # Thousands of each: beside the loop, which answers others meanwhile.
            subscriptions = await asyncio.to_thread(update_subscriptions, {}, running, today)
            self._day = today
            return await asyncio.to_thread(catalogue_of, holdings, subscriptions)
        if now.subscriptions != before.subscriptions:
            changed = await self._store.changed(before.subscriptions)
            known = replace(
                known, subscriptions=update_subscriptions(known.subscriptions, changed, today)
            )
        if today != self._day:
            running_on = await asyncio.to_thread(current_subscriptions, known.subscriptions, today)
            known, self._day = replace(known, subscriptions=running_on), today
        if now.catalogue != before.catalogue:
            holdings = await self._store.holdings()
            return await asyncio.to_thread(catalogue_of, holdings, known.subscriptions)
        return known

    async def keep(self) -> None:
        """Read the catalogue again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Unavailable as away:
                log.warning("catalogue not read", reason=away.reason())
            await asyncio.sleep(self._interval)


@dataclass(frozen=True)
class CatalogueMembers:
    """Knows the organizations by the catalogue."""

    catalogues: CatalogueKeeper

    async def party(self, call: Call) -> Party[Organization]:
        """Who calls and for whom; fails if it may not."""
        assert call.head is not None
        members = self.catalogues.current().organizations
        return admission.party(call.certificate, call.head.customer, members)

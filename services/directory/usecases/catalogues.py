"""The catalogue in memory: decisions on organizations and contracts read no database."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Protocol

import structlog

from services.concepts.failures import Unavailable
from services.directory.errors import CatalogueStale
from services.directory.model import Catalogue, Holdings
from services.directory.rules.catalogues import catalogue_of

log = structlog.get_logger()


class Shelf(Protocol):
    """Keeps organizations and contracts."""

    async def holdings(self) -> Holdings:
        """All organizations and contracts."""


class CatalogueKeeper:
    """Keeps the catalogue in memory as it was last read, for at most `maximum_age` long."""

    def __init__(
        self,
        store: Shelf,
        *,
        interval: timedelta,
        maximum_age: timedelta,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._interval = interval.total_seconds()
        self._maximum_age = maximum_age.total_seconds()
        self._timer = timer
        self._read_at = -float("inf")
        self._catalogue: Catalogue | None = None

    def current(self) -> Catalogue:
        """The catalogue; fails rather than give one that is too old."""
        if self._catalogue is None or not self.fresh():
            raise CatalogueStale()
        return self._catalogue

    def fresh(self) -> bool:
        """Whether the catalogue was read recently enough to decide on."""
        return self._timer() - self._read_at <= self._maximum_age

    async def refresh(self) -> None:
        """Read the catalogue once."""
        begun_at = self._timer()
        self._catalogue = catalogue_of(await self._store.holdings())
        self._read_at = begun_at

    async def keep(self) -> None:
        """Read the catalogue again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Unavailable as away:
                log.warning("catalogue not read", reason=away.reason())
            await asyncio.sleep(self._interval)

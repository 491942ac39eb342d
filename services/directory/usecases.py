"""What the directory does: one method per RPC, over the store as it needs it."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Protocol, TypeVar

import structlog

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Unavailable
from services.concepts.ssin import Ssin
from services.directory import rules
from services.directory.errors import CatalogueStale
from services.directory.model import (
    Catalogue,
    Dossier,
    Holdings,
    Located,
    Offer,
    Organization,
    OrganizationKey,
    Question,
)

K = TypeVar("K", EnterpriseNumber, ContractName)
V = TypeVar("V")

log = structlog.get_logger()


class Store(Protocol):
    """What the directory reads of what it keeps; load jobs write it."""

    async def holdings(self) -> Holdings:
        """All organizations and contracts."""

    async def dossiers_of(
        self, persons: Collection[Ssin], organizations: Collection[OrganizationKey]
    ) -> Mapping[Ssin, Sequence[Dossier]]:
        """The dossiers that these organizations have on these persons; who has none is absent."""


class CatalogueKeeper:
    """Keeps the catalogue in memory as it was last read, for at most `maximum_age` long."""

    def __init__(
        self,
        store: Store,
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
        self._catalogue = rules.catalogue_of(await self._store.holdings())
        self._read_at = begun_at

    async def keep(self) -> None:
        """Read the catalogue again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Unavailable as away:
                log.warning("catalogue not read", reason=away.reason())
            await asyncio.sleep(self._interval)


@dataclass(frozen=True)
class Directory:
    """Answers the questions of the directory's RPCs."""

    store: Store
    catalogues: CatalogueKeeper
    today: Callable[[], date]

    async def locate_dossiers(self, questions: Sequence[Question]) -> list[Located]:
        """Who knows each of the persons, in the order of the questions."""
        catalogue = self.catalogues.current()
        dossiers = await self.store.dossiers_of(
            {question.person for question in questions}, rules.concerned(questions, catalogue)
        )
        today = self.today()
        return [
            rules.locate(question, catalogue, dossiers.get(question.person, ()), today)
            for question in questions
        ]

    def list_organizations(
        self, after: EnterpriseNumber | None, most: int
    ) -> tuple[list[Organization], EnterpriseNumber | None]:
        """A page of organizations, and after which one the next page begins, if there is one."""
        return _page(self.catalogues.current().organizations, after, most)

    def list_data_contracts(
        self, after: ContractName | None, most: int
    ) -> tuple[list[Offer], ContractName | None]:
        """A page of contracts with their sources, and after which one the next page begins."""
        return _page(self.catalogues.current().offers, after, most)


def _page(listed: Mapping[K, V], after: K | None, most: int) -> tuple[list[V], K | None]:
    keys = list(listed)
    start = 0 if after is None else bisect_right(keys, after)
    chosen = keys[start : start + most]
    return [listed[key] for key in chosen], chosen[-1] if start + most < len(keys) else None

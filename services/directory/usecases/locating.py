"""Who knows a person, and which organizations and data contracts there are."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.directory.model import (
    Dossier,
    Figure,
    Located,
    Offer,
    Organization,
    OrganizationKey,
    Question,
)
from services.directory.rules import locating
from services.directory.usecases.catalogues import CatalogueKeeper

K = TypeVar("K", EnterpriseNumber, ContractName)
V = TypeVar("V")


class Store(Protocol):
    """Reads dossiers."""

    async def dossiers_of(
        self,
        persons: Collection[Ssin],
        organizations: Collection[OrganizationKey],
        known_at: datetime | None = None,
    ) -> Mapping[Ssin, Sequence[Dossier]]:
        """The dossiers that these organizations have on these persons; who has none is absent.

        As they were recorded at an instant, or as they are now.
        """

    async def figures(self, first: date, last: date) -> Sequence[Figure]:
        """What was counted for the months of some days, in order."""


@dataclass(frozen=True)
class Directory:
    """Answers the questions of the directory's RPCs."""

    store: Store
    catalogues: CatalogueKeeper
    households: locating.Households
    today: Callable[[], date]

    async def locate_dossiers(
        self, questions: Sequence[Question], known_at: datetime | None = None
    ) -> list[Located]:
        """Who knows each of the persons, or did at an instant, in the order of the questions."""
        catalogue = self.catalogues.current()
        dossiers = await self.store.dossiers_of(
            {
                person
                for question in questions
                for person in (question.person, question.main)
                if person is not None
            },
            locating.organizations_concerned(questions, catalogue),
            known_at,
        )
        today = self.today()
        return [
            locating.locate(question, catalogue, dossiers, self.households, question.day or today)
            for question in questions
        ]

    async def list_figures(self, first: date, last: date) -> Sequence[Figure]:
        """What was counted for the months of some days."""
        return await self.store.figures(first, last)

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

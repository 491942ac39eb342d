"""Reading, as the service: rows become values."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.directory.model import (
    DeliveryMode,
    Dossier,
    Figure,
    Holder,
    Organization,
    OrganizationKey,
    QualityCode,
    Revision,
    Subscription,
    Wish,
)
from services.directory.store.spread import Spread
from services.kit.postgres import retrying, statements

SQL = statements("services.directory")
Rows = Sequence[asyncpg.Record]


@dataclass(frozen=True)
class PostgresStore:
    """Reads from PostgreSQL."""

    pool: asyncpg.Pool
    spread: Spread = Spread.ONE

    async def revision(self) -> Revision:
        """How often organizations and contracts, and subscriptions, were changed."""
        (row,) = await retrying(lambda: self.pool.fetch(SQL.find_revision))
        return Revision(row["catalogue"], row["subscriptions"])

    async def running(self, today: date) -> list[Subscription]:
        """The subscriptions that had not ended on a day."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_subscriptions, today))
        return await asyncio.to_thread(lambda: [subscription(row) for row in rows])

    async def changed(self, after: int) -> list[Subscription]:
        """The subscriptions that were given or ended after a revision."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_changed_subscriptions, after))
        return [subscription(row) for row in rows]

    async def keys_of(
        self, organizations: Collection[Organization]
    ) -> dict[EnterpriseNumber, OrganizationKey]:
        """The keys of organizations; who has none yet gets one."""
        numbers = [one.cbe_number.number for one in organizations]
        rows = await retrying(lambda: self.pool.fetch(SQL.list_keys, numbers))
        keys = _keys(rows)
        new = [one for one in organizations if one.cbe_number not in keys]
        if new:
            columns = (
                [one.cbe_number.number for one in new],
                [one.place and one.place.sector for one in new],
                [one.place and one.place.institution for one in new],
            )
            await retrying(lambda: self.pool.execute(SQL.add_keys, *columns))
            keys = _keys(await retrying(lambda: self.pool.fetch(SQL.list_keys, numbers)))
        return keys

    async def holders(self) -> list[Holder]:
        """Whose dossiers there can be, and at which places they are."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_holders))
        return [
            Holder(
                EnterpriseNumber(row["cbe_number"]),
                OrganizationKey(row["key"]),
                None
                if row["sector"] is None
                else SectorInstitution(row["sector"], row["institution"]),
            )
            for row in rows
        ]

    async def dossiers_of(
        self,
        persons: Collection[Ssin],
        organizations: Collection[OrganizationKey],
        known_at: datetime | None = None,
    ) -> Mapping[Ssin, list[Dossier]]:
        """The dossiers that these organizations have on these persons; who has none is absent.

        As they were recorded at an instant, or as they are now.
        """
        rows = await retrying(lambda: self._rows(persons, list(organizations), known_at))
        found: dict[Ssin, list[Dossier]] = {}
        for number, organization, quality, phase, begin, end in rows:
            period = Period(begin, None if end == date.max else end)
            dossier = Dossier(organization, quality, phase, period)
            found.setdefault(Ssin(number), []).append(dossier)
        return found

    async def _rows(
        self,
        persons: Collection[Ssin],
        organizations: list[OrganizationKey],
        known_at: datetime | None,
    ) -> list[asyncpg.Record]:
        numbers = [person.number for person in persons]
        if known_at is not None:
            known = (
                SQL.list_known_dossiers
                if self.spread is Spread.ONE
                else SQL.list_known_dossiers_on_nodes
            )
            return await self.pool.fetch(known, numbers, organizations, known_at)
        if len(numbers) == 1:
            return await self.pool.fetch(SQL.list_dossiers_of_one, numbers[0], organizations)
        several = SQL.list_dossiers if self.spread is Spread.ONE else SQL.list_dossiers_on_nodes
        return await self.pool.fetch(several, numbers, organizations)

    async def figures(self, first: date, last: date) -> list[Figure]:
        """What was counted for the months of some days, in order; what is about all comes first."""
        months = first.replace(day=1), last.replace(day=1)
        rows = await retrying(lambda: self.pool.fetch(SQL.list_figures, *months))
        return [Figure(*row) for row in rows]


def _keys(rows: Rows) -> dict[EnterpriseNumber, OrganizationKey]:
    return {EnterpriseNumber(row["cbe_number"]): OrganizationKey(row["key"]) for row in rows}


def subscription(row: asyncpg.Record) -> Subscription:
    """A subscription as a row holds it."""
    wish = Wish(
        ContractName(row["data_contract"], row["contract_version"]),
        row["event_type"],
        tuple(map(QualityCode, row["quality_codes"])),
        row["minimum_phase"],
        tuple(row["fields"]),
        DeliveryMode[row["mode"]],
        Period(row["begin_date"], row["end_date"]),
    )
    return Subscription(
        # The driver's own kind of UUID is told apart by some comparisons.
        UUID(int=row["key"].int),
        EnterpriseNumber(row["cbe_number"]),
        LegalContext(row["legal_context"]),
        wish,
        Deliberation(row["deliberation_number"], row["deliberation_version"]),
    )

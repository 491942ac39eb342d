"""Reading, as the service: rows become values."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    DataContract,
    DeceasedRule,
    DeliveryMode,
    Dossier,
    Endpoint,
    Expectation,
    Figure,
    Holdings,
    IntegrationCheck,
    Network,
    Onboarding,
    Organization,
    OrganizationKey,
    QualityCode,
    ReplacedRule,
    Revision,
    Subscription,
    Supplier,
    Wish,
)
from services.kit.postgres import retrying, statements

SQL = statements("services.directory")
Rows = Sequence[asyncpg.Record]


@dataclass(frozen=True)
class PostgresStore:
    """Reads from PostgreSQL."""

    pool: asyncpg.Pool

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

    async def holdings(self) -> Holdings:
        """All organizations and contracts, as they were at one moment."""
        return await retrying(self._holdings)

    async def _holdings(self) -> Holdings:
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            organizations = await connection.fetch(SQL.list_organizations)
            announced = await connection.fetch(SQL.list_expectations)
            contracts = await connection.fetch(SQL.list_contracts)
            suppliers = await connection.fetch(SQL.list_suppliers)
        return await asyncio.to_thread(_held, organizations, announced, contracts, suppliers)

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
            return await self.pool.fetch(SQL.list_known_dossiers, numbers, organizations, known_at)
        if len(numbers) == 1:
            return await self.pool.fetch(SQL.list_dossiers_of_one, numbers[0], organizations)
        return await self.pool.fetch(SQL.list_dossiers, numbers, organizations)

    async def figures(self, first: date, last: date) -> list[Figure]:
        """What was counted for the months of some days, in order; what is about all comes first."""
        months = first.replace(day=1), last.replace(day=1)
        rows = await retrying(lambda: self.pool.fetch(SQL.list_figures, *months))
        return [Figure(*row) for row in rows]


def _held(organizations: Rows, announced: Rows, contracts: Rows, suppliers: Rows) -> Holdings:
    offered: dict[tuple[str, int], list[Supplier]] = {}
    for row in suppliers:
        offered.setdefault((row["code"], row["version"]), []).append(_supplier(row))
    expected: dict[int, list[Expectation]] = {}
    for row in announced:
        expected.setdefault(row["organization"], []).append(_expectation(row))
    return Holdings(
        {EnterpriseNumber(row["cbe_number"]): OrganizationKey(row["key"]) for row in organizations},
        [_organization(row, expected.get(row["key"], ())) for row in organizations],
        [_contract(row, offered.get((row["code"], row["version"]), ())) for row in contracts],
    )


def _organization(row: asyncpg.Record, expected: Iterable[Expectation]) -> Organization:
    sector, address = row["sector"], row["endpoint_address"]
    return Organization(
        EnterpriseNumber(row["cbe_number"]),
        row["name"],
        None if sector is None else SectorInstitution(sector, row["institution"]),
        tuple(row["public_key_sha256"]),
        tuple(map(EnterpriseNumber, row["manages"])),
        None
        if address is None
        else Endpoint(address, row["endpoint_server_name"], row["endpoint_in_mesh"]),
        Network[row["network"]],
        Onboarding(row["environment"], tuple(row["contacts"]), tuple(expected)),
    )


def _expectation(row: asyncpg.Record) -> Expectation:
    contract = ContractName(row["data_contract"], row["contract_version"])
    return Expectation(LegalContext(row["legal_context"]), contract, row["hourly"])


def _contract(row: asyncpg.Record, suppliers: Iterable[Supplier]) -> DataContract:
    return DataContract(
        ContractName(row["code"], row["version"]),
        row["title"],
        row["criteria_type"],
        row["result_type"],
        row["descriptor_set"],
        tuple(suppliers),
        row["source_field"],
        IntegrationCheck[row["integration_check"]],
        row["minimum_phase"],
        DeceasedRule[row["deceased_rule"]],
        row["identity_data"],
        tuple(row["required_fields"]),
        ReplacedRule[row["replaced_rule"]],
    )


def _supplier(row: asyncpg.Record) -> Supplier:
    return Supplier(
        SectorInstitution(row["sector"], row["institution"]),
        row["source_code"],
        frozenset(map(QualityCode, row["quality_codes"])),
        row["deadline"],
    )


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

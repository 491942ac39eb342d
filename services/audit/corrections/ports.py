"""What corrections need of the world around them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.audit.corrections.model import Decided, NewReport, Notice, Report
from services.concepts.enterprise_number import EnterpriseNumber


class Reports(Protocol):
    """Reports of suspected errors, and notices of what was corrected."""

    async def add(self, told: NewReport) -> Report:
        """Make a report durable; what is kept under its identification."""

    async def find(self, report_id: UUID) -> Report | None:
        """A report, if there is one."""

    async def of_organization(
        self, organization: EnterpriseNumber, due_before: date | None, after: int, most: int
    ) -> Sequence[Report]:
        """The reports that an organization has to decide on or made."""

    async def of_subject(
        self, keys: Sequence[bytes], due_before: date | None, after: int, most: int
    ) -> Sequence[Report]:
        """The reports about a person."""

    async def overdue(self, due_before: date, after: int, most: int) -> Sequence[Report]:
        """The reports that were due before a day and have no end."""

    async def decide(
        self, report: Report, decided: Decided, recipients: Mapping[str, str]
    ) -> Report | None:
        """Decide on a report as it was found, and leave the recipients a notice, each with the
        purpose it got the datum for; what is kept then, or nothing if it was not so any more."""

    async def notices_of(
        self, recipient: EnterpriseNumber, waiting_only: bool, after: int, most: int
    ) -> Sequence[Notice]:
        """The notices for an organization."""

    async def find_notice(self, recipient: EnterpriseNumber, report_id: UUID) -> Notice | None:
        """A notice for an organization, if there is one."""

    async def acknowledge(self, recipient: EnterpriseNumber, report_id: UUID) -> None:
        """Note that an organization has a notice; the first time counts."""


class Contracts(Protocol):
    """The data contracts, and the fields of their results."""

    def knows(self, data_contract: str) -> bool:
        """Whether there is such a contract, in whatever version."""

    def has(self, data_contract: str, field_path: str) -> bool:
        """Whether the contract's result has a field there, however deep."""

"""What oversight needs of the world around it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.audit.oversight.model.alerts import Finding, KeptAlert, NewAlert
from services.concepts.enterprise_number import EnterpriseNumber


class Alerts(Protocol):
    """Alerts of possible misuse, and their answers."""

    async def add(self, told: Sequence[NewAlert]) -> None:
        """Make alerts durable; what is there stays as it is."""

    async def find(self, organization: EnterpriseNumber, alert_id: UUID) -> KeptAlert | None:
        """An alert of an institution, if there is one."""

    async def of_organization(
        self, organization: EnterpriseNumber, unanswered_only: bool, after: int, most: int
    ) -> Sequence[KeptAlert]:
        """The alerts for an institution, in the order of telling."""

    async def unanswered(self, due_before: date, after: int, most: int) -> Sequence[KeptAlert]:
        """The alerts that were due before a day and have no answer."""

    async def answered(self, after: int, most: int) -> Sequence[KeptAlert]:
        """The alerts that were answered, in the order of their last answers."""

    async def acknowledge(
        self, organization: EnterpriseNumber, alert_id: UUID, finding: Finding
    ) -> None:
        """Note what the officer of an institution found."""


class MonthlyReports(Protocol):
    """How institutions used the network, by the month."""

    async def find(self, organization: EnterpriseNumber, month: int) -> bytes | None:
        """What was counted of an institution in a month."""

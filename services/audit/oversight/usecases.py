"""Alerts: the officer of the institution reads them first, and the committee what he left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from services.admission.model import Call, Known
from services.admission.usecases import Insight
from services.audit.errors import AlertUnknown, MonthlyReportUnknown
from services.audit.oversight.model.alerts import AlertPage, Finding, KeptAlert
from services.audit.oversight.ports import Alerts, MonthlyReports
from services.audit.trail import rules
from services.audit.trail.model import Entry, Page
from services.audit.trail.usecases.trail import Trail
from services.concepts.trail import NOTHING_CHANGED


class Acts(Protocol):
    """Makes the records of one call."""

    def acted(self, reason: str = "") -> Entry:
        """The record that it was done, or with a reason that it was refused or changed nothing."""

    def looked(self) -> Entry:
        """The record that a list was read."""


@dataclass(frozen=True)
class Oversight:
    """Shows alerts and reports, and takes answers."""

    trail: Trail
    admission: Insight[Known]
    alerts: Alerts
    reports: MonthlyReports
    today: Callable[[], date]

    async def list_alerts(
        self, call: Call, page: Page, unanswered_only: bool, acts: Acts
    ) -> AlertPage:
        """A page of an institution's alerts; that it was read is durable before."""
        organization = await self.admission.officer(call)
        found = await self.alerts.of_organization(
            organization, unanswered_only, page.after, page.most + 1
        )
        await self.trail.record([acts.looked()])
        return AlertPage(*rules.cut(found, page))

    async def acknowledge(
        self, call: Call, alert_id: UUID, finding: Finding, acts: Acts
    ) -> KeptAlert:
        """Add what an officer found to what was found before; that he said so, or may not, is
        durable before."""
        organization = await self.admission.officer(call)
        kept = await self.alerts.find(organization, alert_id)
        if kept is None:
            await self.trail.record([acts.acted(AlertUnknown.reason())])
            raise AlertUnknown
        if kept.finding is finding:
            await self.trail.record([acts.acted(NOTHING_CHANGED)])
            return kept
        await self.trail.record([acts.acted()])
        await self.alerts.acknowledge(organization, alert_id, finding)
        answered = await self.alerts.find(organization, alert_id)
        assert answered is not None, "alerts are never taken away"
        return answered

    async def monthly_report(self, call: Call, month: int, acts: Acts) -> bytes:
        """How an institution used the network in a month; that it was read is durable before."""
        organization = await self.admission.officer(call)
        found = await self.reports.find(organization, month)
        await self.trail.record([acts.looked()])
        if found is None:
            raise MonthlyReportUnknown
        return found

    async def list_unanswered(self, page: Page, acts: Acts) -> AlertPage:
        """A page of what no officer answered in time; that it was read is durable before."""
        found = await self.alerts.unanswered(self.today(), page.after, page.most + 1)
        await self.trail.record([acts.looked()])
        return AlertPage(*rules.cut(found, page))

    async def list_answered(self, page: Page, acts: Acts) -> AlertPage:
        """A page of what officers answered; that it was read is durable before."""
        found = await self.alerts.answered(page.after, page.most + 1)
        await self.trail.record([acts.looked()])
        return AlertPage(*rules.cut(found, page))

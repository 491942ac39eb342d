"""Alerts of possible misuse, in PostgreSQL: told once, and answered."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg

from services.audit.oversight.model.alerts import Answer, Finding, KeptAlert, NewAlert
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresAlerts:
    """Keeps alerts, as a role that can add them and their answers."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, told: Sequence[NewAlert]) -> None:
        """Make alerts durable; what is there stays as it is."""
        rows = [
            (
                *(one.alert_id, one.organization.digits, one.code, one.rule_of),
                *(one.first_day, one.last_day, one.count, list(one.tickets), one.due),
            )
            for one in sorted(told, key=lambda one: one.alert_id)
        ]
        await retrying(lambda: self._pool.executemany(SQL.add_alert, rows))

    async def find(self, organization: EnterpriseNumber, alert_id: UUID) -> KeptAlert | None:
        """An alert of an institution, if there is one."""
        rows = await self._fetch(SQL.find_alert, organization.digits, alert_id)
        return _alert(rows[0]) if rows else None

    async def of_organization(
        self, organization: EnterpriseNumber, unanswered_only: bool, after: int, most: int
    ) -> list[KeptAlert]:
        """The alerts for an institution, in the order of telling."""
        arguments = organization.digits, unanswered_only, after, most
        return [_alert(row) for row in await self._fetch(SQL.list_alerts, *arguments)]

    async def unanswered(self, due_before: date, after: int, most: int) -> list[KeptAlert]:
        """The alerts that were due before a day and have no answer."""
        rows = await self._fetch(SQL.list_unanswered_alerts, due_before, after, most)
        return [_alert(row) for row in rows]

    async def count_unanswered(self, due_before: date) -> int:
        """How many were due before a day and have no answer."""
        counted: int = await retrying(
            lambda: self._pool.fetchval(SQL.count_unanswered_alerts, due_before)
        )
        return counted

    async def answered(self, after: int, most: int) -> list[KeptAlert]:
        """The alerts that were answered, in the order of their last answers."""
        return [_alert(row) for row in await self._fetch(SQL.list_answered_alerts, after, most)]

    async def acknowledge(
        self, organization: EnterpriseNumber, alert_id: UUID, finding: Finding
    ) -> None:
        """Add what the officer of an institution found."""
        arguments = organization.digits, alert_id, finding.value
        await retrying(lambda: self._pool.execute(SQL.add_alert_answer, *arguments))

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await retrying(lambda: self._pool.fetch(statement, *arguments))


def _alert(row: asyncpg.Record) -> KeptAlert:
    told = NewAlert(
        row["alert_id"],
        EnterpriseNumber(int(row["organization"])),
        row["code"],
        row["rule_of"],
        row["first_day"],
        row["last_day"],
        row["count"],
        tuple(row["tickets"]),
        row["due"],
    )
    given = zip(row["findings"] or (), row["at"] or (), strict=True)
    answers = tuple(Answer(Finding(finding), at) for finding, at in given)
    return KeptAlert(row["sequence"], told, row["told_at"], answers)

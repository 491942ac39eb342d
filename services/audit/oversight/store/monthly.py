"""Monthly reports, in PostgreSQL: counted by the job, read by officers."""

from collections.abc import Sequence

import asyncpg

from services.audit.oversight.model.alerts import CountedMonth
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresMonthlyReports:
    """Keeps the report of an institution and a month, the latest count of it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, counted: Sequence[CountedMonth]) -> None:
        """Keep reports in the place of earlier ones."""
        rows = [(one.organization.digits, one.month, one.content) for one in counted]
        await retrying(lambda: self._pool.executemany(SQL.keep_monthly_report, rows))

    async def find(self, organization: EnterpriseNumber, month: int) -> bytes | None:
        """What was counted of an institution in a month."""
        found: bytes | None = await retrying(
            lambda: self._pool.fetchval(SQL.find_monthly_report, organization.digits, month)
        )
        return found

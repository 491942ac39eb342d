"""Reports of suspected errors and notices of corrections, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import asyncpg

from services.audit.corrections.model import (
    Claim,
    Decided,
    NewReport,
    Notice,
    RefusalGround,
    Report,
    ReportState,
)
from services.audit.trail.model import HiddenSubject
from services.audit.trail.model.deliveries import Datum
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresReports:
    """Keeps reports and notices; what was reported never changes, only how far it has come."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, told: NewReport) -> Report:
        """Make a report durable; what is kept under its identification."""
        columns = (
            told.report_id,
            *(told.subject.key, told.subject.key_version, told.subject.encrypted),
            *(told.datum.data_contract, told.datum.field_path, told.datum.source.digits),
            told.reporter and told.reporter.digits,
            *(told.claim.value, told.evidence_reference, told.legal_context, told.due_date),
        )
        await retrying(lambda: self._pool.execute(SQL.add_error_report, *columns))
        [row] = await self._fetch(SQL.find_error_report, told.report_id)
        return _report(row)

    async def find(self, report_id: UUID) -> Report | None:
        """A report, if there is one."""
        rows = await self._fetch(SQL.find_error_report, report_id)
        return _report(rows[0]) if rows else None

    async def of_organization(
        self, organization: EnterpriseNumber, due_before: date | None, after: int, most: int
    ) -> list[Report]:
        """The reports that an organization has to decide on or made."""
        statement = SQL.list_error_reports_of_organization
        rows = await self._fetch(statement, organization.digits, due_before, after, most)
        return [_report(row) for row in rows]

    async def of_subject(
        self, keys: Sequence[bytes], due_before: date | None, after: int, most: int
    ) -> list[Report]:
        """The reports about a person."""
        statement = SQL.list_error_reports_of_subject
        rows = await self._fetch(statement, list(keys), due_before, after, most)
        return [_report(row) for row in rows]

    async def count_overdue(self, due_before: date) -> int:
        """How many were due before a day and are not decided."""
        counted: int = await retrying(
            lambda: self._pool.fetchval(SQL.count_overdue_error_reports, due_before)
        )
        return counted

    async def overdue(self, due_before: date, after: int, most: int) -> list[Report]:
        """The reports that were due before a day and have no end."""
        rows = await self._fetch(SQL.list_overdue_error_reports, due_before, after, most)
        return [_report(row) for row in rows]

    async def decide(
        self, report: Report, decided: Decided, recipients: Mapping[str, str]
    ) -> Report | None:
        """Decide on a report as it was found, and leave the recipients a notice, each with the
        purpose it got the datum for; what is kept then, or nothing if it was not so any more."""
        await retrying(
            lambda: self._pool.execute(
                SQL.decide_error_report,
                report.told.report_id,
                report.decided.state.value,
                decided.state.value,
                decided.ground and decided.ground.value,
                list(recipients.keys()),
                list(recipients.values()),
            )
        )
        # Read anew: when the connection was lost, it may have been decided so all the same.
        kept = await self.find(report.told.report_id)
        return kept if kept is not None and kept.decided == decided else None

    async def notices_of(
        self, recipient: EnterpriseNumber, waiting_only: bool, after: int, most: int
    ) -> list[Notice]:
        """The notices for an organization."""
        statement = SQL.list_correction_notices
        rows = await self._fetch(statement, recipient.digits, waiting_only, after, most)
        return [_notice(row) for row in rows]

    async def find_notice(self, recipient: EnterpriseNumber, report_id: UUID) -> Notice | None:
        """A notice for an organization, if there is one."""
        rows = await self._fetch(SQL.find_correction_notice, recipient.digits, report_id)
        return _notice(rows[0]) if rows else None

    async def acknowledge(self, recipient: EnterpriseNumber, report_id: UUID) -> None:
        """Note that an organization has a notice; the first time counts."""
        arguments = recipient.digits, report_id
        await retrying(lambda: self._pool.execute(SQL.acknowledge_correction_notice, *arguments))

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await retrying(lambda: self._pool.fetch(statement, *arguments))


def _report(row: asyncpg.Record) -> Report:
    ground = row["refusal_ground"]
    told = NewReport(
        row["report_id"],
        _subject(row),
        _datum(row),
        row["reporter"] and EnterpriseNumber(int(row["reporter"])),
        Claim(row["claim"]),
        row["evidence_reference"],
        row["legal_context"],
        row["due_date"],
    )
    decided = Decided(ReportState(row["state"]), ground and RefusalGround(ground))
    return Report(row["sequence"], told, decided, row["reported_at"], row["decided_at"])


def _notice(row: asyncpg.Record) -> Notice:
    instants = row["decided_at"], row["acknowledged_at"]
    context = row["legal_context"]
    return Notice(row["sequence"], row["report_id"], _subject(row), _datum(row), context, *instants)


def _subject(row: asyncpg.Record) -> HiddenSubject:
    return HiddenSubject(row["subject_key"], row["subject_key_version"], row["subject_encrypted"])


def _datum(row: asyncpg.Record) -> Datum:
    source = EnterpriseNumber(int(row["source"]))
    return Datum(row["data_contract"], row["field_path"], source)

"""What is kept beside the log, against the acts in it: reports, decisions, alerts and answers to
them, freezes of months. Each act stands in the log before the step is taken.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
from cbss.registry.v1 import archive_pb2

from services.audit.log.verification.acts import Acts, Beside, Record
from services.audit.log.verification.findings import Finding, Flaw
from services.audit.retention.acts import (
    FREEZE_RPC,
    PURGE_RPC,
    RPC,
    THAW_RPC,
    forgotten,
    frozen,
    purged_before,
)
from services.audit.trail.model import ALERT
from services.audit.trail.month_names import month_name
from services.audit.trail.wire.registry import RPC as REGISTRY
from services.audit.verify.registry import review_registry
from services.kit.postgres import statements

SQL = statements("services.audit")
REPORT = "cbss.audit.v1.ErrorReportService/ReportError"
DECIDE = "cbss.audit.v1.ErrorReportService/DecideErrorReport"
ACKNOWLEDGE = "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice"
DECISION = "cbss.audit.v1.DecisionNoticeService/RecordDecision"
ANSWER = "cbss.audit.v1.OversightService/AcknowledgeAlert"
ACTS = frozenset(
    {
        *(REPORT, DECIDE, ACKNOWLEDGE, DECISION, ANSWER, ALERT),
        *(RPC, PURGE_RPC, FREEZE_RPC, THAW_RPC, REGISTRY),
    }
)
OPEN = 1


async def wrong_duties(connection: asyncpg.Connection, acts: Acts) -> AsyncIterator[Finding]:
    """Where the tables beside the log do not hold what the acts say."""
    told = forgotten(acts.of(RPC))
    for row in await connection.fetch(SQL.list_all_months):
        if row["forgotten_at"] is not None and row["month"] not in told:
            yield Finding(Flaw.UNDECLARED, what=month_name(row["month"]))
        reason = frozen(acts.of(FREEZE_RPC), acts.of(THAW_RPC), row["month"])
        if row["forgotten_at"] is None and row["frozen_for"] != reason:
            yield Finding(Flaw.FROZEN, what=month_name(row["month"]))
    reports = await connection.fetch(SQL.list_reports_to_verify)
    for finding in (
        *_missing("report", acts, REPORT, (row["id"] for row in reports), "error_reports"),
        *_wrong_reports(reports, acts),
    ):
        yield finding
    decisions = await connection.fetch(SQL.list_decisions_to_verify)
    for finding in _missing("decision", acts, DECISION, (r["id"] for r in decisions), "decisions"):
        yield finding
    decided = acts.by_ticket(DECISION)
    for row in decisions:
        if (
            row["id"] in decided
            and decided[row["id"]][0].customer_cbe_number != row["organization"]
        ):
            yield Finding(Flaw.DUTY, what=f"decision {row['id']} is of another organization")
    alerts = await connection.fetch(SQL.list_alerts_to_verify)
    for finding in _missing("alert", acts, ALERT, (row["id"] for row in alerts), ""):
        yield finding
    answered = acts.by_ticket(ANSWER)
    for row in alerts:
        if row["answers"] != len(answered.get(row["id"], ())):
            yield Finding(Flaw.DUTY, what=f"alert {row['id']} has other answers")
    for row in await connection.fetch(SQL.list_notices_to_verify):
        by = {one.customer_cbe_number for one in acts.by_ticket(ACKNOWLEDGE).get(row["id"], ())}
        if row["is_acknowledged"] != (row["recipient"] in by):
            yield Finding(Flaw.DUTY, what=f"notice {row['id']} to {row['recipient']}")


def _wrong_reports(rows: Iterable[asyncpg.Record], acts: Acts) -> Iterator[Finding]:
    made, decided = acts.by_ticket(REPORT), acts.by_ticket(DECIDE)
    for row in rows:
        for act in made.get(row["id"], ())[:1]:
            told = (act.data_contract, act.legal_context, act.customer_cbe_number)
            sources = [leg.supplier_cbe_number for leg in act.sources]
            kept = (row["data_contract"], row["legal_context"], row["reporter"] or "")
            if told != kept or sources != [row["source"]]:
                yield Finding(Flaw.DUTY, what=f"report {row['id']} is not as it was made")
        if (row["state"] == OPEN) != (row["id"] not in decided):
            yield Finding(Flaw.DUTY, what=f"report {row['id']} is in another state")


def _missing(
    what: str, acts: Acts, rpc: str, kept: Iterable[UUID], purged_as: str
) -> Iterator[Finding]:
    """What is there without an act, and what is not there although there is one."""
    there, told = set(kept), acts.by_ticket(rpc)
    for one in sorted(there - told.keys()):
        yield Finding(Flaw.DUTY, what=f"{what} {one} was never made")
    until = purged_before(acts.of(PURGE_RPC), purged_as)
    for one in sorted(told.keys() - there):
        if until is None or _day(told[one][0]) >= until:
            yield Finding(Flaw.DUTY, what=f"{what} {one} is gone")


def _day(record: Record) -> date:
    return datetime.fromtimestamp(record.occurred_at.seconds, UTC).date()


def beside(archive: archive_pb2.Archive | None = None) -> Beside:
    """All that stands beside the log; the registry's reference data if its archive is given."""
    checks = [wrong_duties, *([review_registry(archive)] if archive is not None else [])]
    return Beside(ACTS, checks)

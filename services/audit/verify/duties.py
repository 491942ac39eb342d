"""What is kept beside the log, against the acts in it: reports, decisions, alerts and answers to
them, freezes of months. Each act stands in the log before the step is taken.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.oversight.acts import ALERT
from services.audit.retention.acts import FREEZE_RPC, PURGE_RPC, RPC, THAW_RPC, frozen, purged
from services.audit.retention.rules import named
from services.audit.store.runs import LAST, records_by_ground
from services.audit.verify.findings import Finding, Flaw
from services.audit.wire.kept import read
from services.kit.postgres import statements

SQL = statements("services.audit")
REPORT = "cbss.audit.v1.ErrorReportService/ReportError"
DECIDE = "cbss.audit.v1.ErrorReportService/DecideErrorReport"
ACKNOWLEDGE = "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice"
DECISION = "cbss.audit.v1.DecisionNoticeService/RecordDecision"
ANSWER = "cbss.audit.v1.OversightService/AcknowledgeAlert"
ACTS = frozenset(
    {REPORT, DECIDE, ACKNOWLEDGE, DECISION, ANSWER, ALERT, RPC, PURGE_RPC, FREEZE_RPC, THAW_RPC}
)
AT_ONCE = 10_000
MOST_ACTS = 10_000_000
OPEN = 1

Record = record_pb.ExchangeRecord


@dataclass(frozen=True)
class Acts:
    """The acts in the log that were let through and changed something, by RPC, oldest first."""

    records: Mapping[str, list[Record]]

    def of(self, rpc: str) -> list[Record]:
        """Those of one RPC."""
        return self.records.get(rpc, [])

    def by_ticket(self, rpc: str) -> dict[UUID, list[Record]]:
        """The same by what they are about."""
        found: dict[UUID, list[Record]] = {}
        for one in self.of(rpc):
            found.setdefault(UUID(one.ticket_cbss), []).append(one)
        return found


def is_act(ground: Record) -> bool:
    """Whether a ground is one of acts that leave something outside the log."""
    changed = ground.verdict == record_pb.VERDICT_PERMIT
    return changed and ground.rpc in ACTS and (not ground.reason or ground.rpc == ALERT)


async def acts_in(connection: asyncpg.Connection, grounds: list[int]) -> Acts:
    """The acts that some grounds are of."""
    found: dict[str, list[Record]] = {}
    for one in read(await records_by_ground(connection.fetch, grounds, 0, LAST, MOST_ACTS)):
        found.setdefault(one.rpc, []).append(one)
    return Acts(found)


async def wrong_duties(connection: asyncpg.Connection, acts: Acts) -> AsyncIterator[Finding]:
    """Where the tables beside the log do not hold what the acts say."""
    for row in await connection.fetch(SQL.list_all_months):
        reason = frozen(acts.of(FREEZE_RPC), acts.of(THAW_RPC), row["month"])
        if row["forgotten_at"] is None and row["frozen_for"] != reason:
            yield Finding(Flaw.FROZEN, what=named(row["month"]))
    reports = await connection.fetch(SQL.list_reports_to_verify)
    for finding in (
        *_missing("report", acts, REPORT, (row["id"] for row in reports), "error_reports"),
        *_wrong_reports(reports, acts),
    ):
        yield finding
    decisions = await connection.fetch(SQL.list_decisions_to_verify)
    for finding in _missing("decision", acts, DECISION, (r["id"] for r in decisions), "decisions"):
        yield finding
    told = acts.by_ticket(DECISION)
    for row in decisions:
        if row["id"] in told and told[row["id"]][0].customer_cbe_number != row["organization"]:
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
    until = purged(acts.of(PURGE_RPC), purged_as)
    for one in sorted(told.keys() - there):
        if until is None or _day(told[one][0]) >= until:
            yield Finding(Flaw.DUTY, what=f"{what} {one} is gone")


def _day(record: Record) -> date:
    return datetime.fromtimestamp(record.occurred_at.seconds, UTC).date()

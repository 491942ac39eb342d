"""Reports and decisions go when they need not be kept longer, by their owner, and on the record."""

import argparse
from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import pytest
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.corrections.model import Decided, ReportState
from services.audit.corrections.store import PostgresReports
from services.audit.decisions.model import NewDecision
from services.audit.decisions.store import PostgresDecisions
from services.audit.retention.__main__ import run_command
from services.audit.retention.acts import PURGE_RPC
from services.audit.retention.duties import KINDS
from services.audit.retention.rules import kept_from
from services.audit.retention.settings import Settings
from services.audit.trail.month_names import month_number
from services.concepts.dated import Versions
from services.concepts.retention import Retention, retentions
from services.kit.postgres import pool
from tests.services.audit.fakes import PERSON
from tests.services.audit.test_reports_store import REPORTER, SOURCE, new

TODAY = date(2026, 11, 25)
OLD, RECENT = datetime(2016, 11, 24, tzinfo=UTC), datetime(2016, 11, 26, tzinfo=UTC)
CORRECTED = Decided(ReportState.CORRECTED)
RULES = Versions(
    [
        Retention(begins=date(2018, 1, 1), years=10, source="law"),
        Retention(begins=date(2027, 1, 1), years=5, source="later law"),
    ]
)


@pytest.fixture
async def kept(running):
    """The stores as the service has them, and the trail that the job records in."""
    async with pool(running.database.dsn, name="audit") as opened:
        running.reports, running.decisions = PostgresReports(opened), PostgresDecisions(opened)
        running.serving = opened
        yield running


@pytest.fixture
def purged(kept, tmp_path):
    """Runs the job as the owner."""

    async def run(today=TODAY):
        dsn = tmp_path / "owner.dsn"
        dsn.write_text(kept.database.owner_dsn)
        settings = Settings(
            database_owner_dsn_file=dsn, subject_keys_file=tmp_path / "subject-keys.json"
        )
        return await run_command(settings, argparse.Namespace(what="purge"), today)

    return run


async def reported(kept, at, decided=CORRECTED):
    """A report that was made and decided on at an instant."""
    told = new()
    report = await kept.reports.add(told)
    if decided is not None:
        await kept.reports.decide(report, decided, {REPORTER.digits: "A"})
    await kept.owner.execute(
        "update error_report set reported_at = $2::timestamptz,"
        " decided_at = case when decided_at is not null then $2::timestamptz end"
        " where report_id = $1",
        *(told.report_id, at),
    )
    return told.report_id


async def decided(kept, at):
    """A decision that was recorded at an instant."""
    subjects, named = kept.trail.subjects, uuid4()
    hidden, sealed = subjects.hide(PERSON, named), subjects.seal(b"content", named)
    await kept.decisions.add(NewDecision(named, SOURCE, hidden, sealed))
    await kept.owner.execute(
        "update decision set recorded_at = $2 where decision_id = $1", named, at
    )
    return named


async def left(kept):
    rows = await kept.owner.fetch(
        "select report_id as id from error_report union all select decision_id from decision"
    )
    return {row["id"] for row in rows}


async def runs(kept):
    """What the log says of runs."""
    rows = await kept.owner.fetch("select record_id, content, ground_id from record")
    grounds = {
        row["ground_id"]: record_pb.ExchangeRecord.FromString(row["content"])
        for row in await kept.owner.fetch("select ground_id, content from ground")
    }
    return sum(grounds[row["ground_id"]].rpc == PURGE_RPC for row in rows)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (TODAY, date(2016, 11, 25)),
        (date(2024, 2, 29), date(2014, 2, 28)),
        (date(2027, 1, 1), date(2022, 1, 1)),
    ],
)
def test_the_rule_in_force_says_from_which_day_on_something_is_kept(today, first):
    assert kept_from(RULES, today) == first


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_shipped_rules_say_for_how_long_and_why(kind):
    [rule] = retentions(kind.name)

    assert (rule.years, bool(rule.source)) == (10, True)


async def test_what_ended_long_ago_goes_with_its_notices_and_the_rest_stays(kept, purged):
    await reported(kept, OLD)
    await decided(kept, OLD)
    stays = {await reported(kept, RECENT), await decided(kept, RECENT)}

    assert await purged()

    assert await left(kept) == stays
    notices = await kept.owner.fetch("select report_id from correction_notice")
    assert {row["report_id"] for row in notices} <= stays


async def test_a_report_without_an_end_is_kept_however_old(kept, purged):
    stays = {
        await reported(kept, OLD, None),
        await reported(kept, OLD, Decided(ReportState.ACCEPTED)),
    }

    assert await purged()

    assert await left(kept) == stays


async def test_what_is_of_a_frozen_month_is_kept_until_it_is_thawed(kept, purged):
    month = month_number(OLD.year, OLD.month)
    keeps = {await reported(kept, OLD), await decided(kept, OLD)}
    await decided(kept, datetime(2016, 10, 31, 23, 59, tzinfo=UTC))
    await kept.owner.execute(
        "insert into month (month, key_version, wrapped_key, frozen_for) values ($1, 1, $2, $3)",
        *(month, kept.trail.subjects.wrapped(b"m" * 32), "inquiry 7"),
    )

    assert await purged()
    assert await left(kept) == keeps

    await kept.owner.execute("update month set frozen_for = null where month = $1", month)
    assert await purged()
    assert await left(kept) == set()


async def test_every_run_is_in_the_log_also_one_that_finds_nothing(kept, purged):
    assert await purged()
    assert await runs(kept) == len(KINDS)

    await decided(kept, OLD)
    assert await purged()
    assert await runs(kept) == 2 * len(KINDS)


async def test_nothing_goes_that_the_log_does_not_have(kept, purged):
    named = await decided(kept, OLD)
    await kept.owner.execute("alter table record rename to away")

    with pytest.raises(asyncpg.UndefinedTableError):
        await purged()

    assert await left(kept) == {named}


async def test_a_run_deletes_more_than_one_part(kept, purged, monkeypatch):
    monkeypatch.setattr("services.audit.retention.duties.AT_ONCE", 2)
    for _ in range(5):
        await decided(kept, OLD)

    assert await purged()

    assert await left(kept) == set()


@pytest.mark.parametrize("table", ["error_report", "correction_notice", "decision"])
async def test_the_service_itself_deletes_nothing(kept, table):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await kept.serving.execute(f"delete from {table}")

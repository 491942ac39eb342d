"""Months end, are frozen, are forgotten; what is left is proved and found as before."""

import argparse
import asyncio
import os
import sys
from datetime import date

import asyncpg
import pytest

from services.audit.errors import MonthOver
from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.audit.retention.__main__ import run_command
from services.audit.retention.rules import KeptMonth, expired_months
from services.audit.retention.settings import Settings
from services.audit.trail.model import Inquiry, Page, Row
from services.audit.trail.month_keys import Months
from services.audit.trail.month_names import month_name, month_number, parse_month_name
from services.audit.trail.store.wrapped_keys import PostgresMonths
from services.audit.verify.duties import beside
from services.concepts.dated import Versions
from services.concepts.retention import Retention, retentions
from services.kit.clock import utc_now
from tests.services.audit.fakes import PERSON
from tests.services.audit.logs import real_entry

LONG_AGO = month_number(2014, 3)
TODAY = date(2026, 11, 25)


def kept(month, frozen_for=None, *, is_forgotten=False):
    return KeptMonth(month_number(*month), 1, b"", frozen_for, is_forgotten)


RULES = Versions(
    [
        Retention(begins=date(1990, 1, 1), years=10, source="law"),
        Retention(begins=date(2027, 1, 1), years=5, source="later law"),
    ]
)


@pytest.mark.parametrize(
    ("months", "today", "due"),
    [
        ([kept((2016, 10)), kept((2016, 11)), kept((2026, 11))], TODAY, ["2016-10"]),
        ([kept((2016, 10), "inquiry"), kept((2026, 11))], TODAY, []),
        ([kept((2016, 10), is_forgotten=True), kept((2026, 11))], TODAY, []),
        ([kept((2010, 1))], TODAY, []),
        ([kept((2021, 12)), kept((2022, 1)), kept((2027, 1))], date(2027, 1, 1), ["2021-12"]),
    ],
)
def test_a_month_is_due_when_the_rule_in_force_says_so(months, today, due):
    assert [month_name(one.month) for one in expired_months(months, RULES, today)] == due


def test_the_shipped_rule_says_who_asks_for_it():
    [rule] = retentions()

    assert (rule.years, bool(rule.source)) == (10, True)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "x"])
def test_what_is_no_month_is_not_taken_for_one(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_month_name(text)


async def begun_long_ago(running):
    """Another trail's beginning: the month of long ago is open, under a key of its own."""
    owner = running.owner
    keys = running.trail.subjects
    await owner.execute(
        f"create table record_{LONG_AGO} partition of record"
        f" for values from ({LONG_AGO << 34}) to ({LONG_AGO + 1 << 34})"
    )
    await owner.execute(
        f"create unique index record_{LONG_AGO}_known on record_{LONG_AGO} (record_id)"
        " with (fillfactor = 100)"
    )
    await owner.execute(
        "insert into month (month, key_version, wrapped_key) values ($1, 1, $2)",
        LONG_AGO,
        keys.wrapped(b"m" * 32),
    )
    await owner.execute("select setval('record_sequence', $1, false)", LONG_AGO << 34)


async def old_rows(running, *entries):
    """Records as they were made in the month of long ago."""
    wrapped = (await running.trail.months._kept.keys())[0]
    month = running.trail.subjects
    from services.audit.trail.subjects import MonthKey

    key = MonthKey.of(LONG_AGO, month.unwrapped(wrapped.key_version, wrapped.wrapped))
    rows = [Row(one, key.hide(one.subject, one.record_id), None) for one in entries]
    await running.trail.records.add(LONG_AGO, rows)


@pytest.fixture
async def aged(running):
    """A trail with records of long ago and of now, signed."""
    await begun_long_ago(running)
    running.old = [real_entry(n) for n in range(300)]
    await old_rows(running, *running.old)
    await running.grow()
    running.new = [real_entry(n) for n in range(300)]
    await running.trail.record(running.new)
    await running.grow()
    return running


@pytest.fixture
def job(aged, tmp_path):
    """Runs the job as the owner."""

    async def run(what, **given):
        dsn = tmp_path / "owner.dsn"
        dsn.write_text(aged.database.owner_dsn)
        settings = Settings(
            database_owner_dsn_file=dsn, subject_keys_file=tmp_path / "subject-keys.json"
        )
        return await run_command(settings, argparse.Namespace(what=what, **given), TODAY)

    return run


async def proved(running):
    store = Store(
        dsn=running.database.owner_dsn,
        signatures=Signatures(running.storage, running.signer.verifier),
        beside=beside(),
        patience=0,
    )
    return await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)


async def about(running, person):
    listed = await running.trail.list_exchanges(Inquiry(person, Page(0, 1000), None))
    return {one.record_id for one in listed.kept}


def ids(entries):
    return {one.record_id for one in entries}


async def test_a_month_that_ended_takes_no_more_records_and_is_still_searched(aged):
    with pytest.raises(MonthOver):
        await old_rows(aged, real_entry())

    assert await about(aged, PERSON) == ids(aged.old) | ids(aged.new)


async def test_a_record_handed_over_again_after_the_month_ended_is_kept_once(aged):
    again = aged.old[0]

    await aged.trail.record([again])

    assert len(await aged.trail.records.of_ticket(again.ticket, 0, 10)) == 1


async def test_a_month_that_is_due_is_forgotten_and_the_rest_is_proved(aged, job):
    assert await job("forget")
    await aged.grow()

    verdict = await proved(aged)
    assert (verdict.findings, verdict.forgotten, verdict.proved) == ([], 300, 301)
    assert await about(aged, PERSON) == ids(aged.new)
    with pytest.raises(asyncpg.UndefinedTableError):
        await aged.owner.fetch(f"select 1 from record_{LONG_AGO}")


async def test_no_key_of_a_forgotten_month_is_left(aged, job):
    await job("forget")

    row = await aged.owner.fetchrow("select * from month where month = $1", LONG_AGO)
    assert (row["wrapped_key"], row["key_version"]) == (None, None)


async def test_the_job_runs_as_a_command(aged, tmp_path):
    dsn = tmp_path / "owner.dsn"
    dsn.write_text(aged.database.owner_dsn)
    place = {
        "DATABASE_OWNER_DSN_FILE": str(dsn),
        "SUBJECT_KEYS_FILE": str(tmp_path / "subject-keys.json"),
    }

    job = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.audit.retention", "freeze", month_name(LONG_AGO)),
        *("--reason", "inquiry 7"),
        env=os.environ | place,
        stdout=asyncio.subprocess.DEVNULL,
    )

    assert await job.wait() == 0
    month = await aged.owner.fetchrow("select * from month where month = $1", LONG_AGO)
    assert month["frozen_for"] == "inquiry 7"


async def test_a_frozen_month_is_not_forgotten_until_it_is_thawed(aged, job):
    assert await job("freeze", month=LONG_AGO, reason="inquiry 7")
    await job("forget")
    assert await about(aged, PERSON) == ids(aged.old) | ids(aged.new)

    assert await job("thaw", month=LONG_AGO)
    await job("forget")
    assert await about(aged, PERSON) == ids(aged.new)


async def test_a_month_that_is_not_there_cannot_be_frozen(aged, job):
    assert not await job("freeze", month=7, reason="inquiry 7")


async def test_what_is_not_in_the_log_yet_is_not_forgotten(aged, job):
    await aged.owner.execute("update log_state set last_sequence = $1", LONG_AGO << 34)

    assert not await job("forget")

    assert await about(aged, PERSON) == ids(aged.old) | ids(aged.new)


async def test_a_month_that_was_made_to_go_without_a_record_of_it_is_found(aged):
    await aged.owner.execute(f"drop table record_{LONG_AGO}")
    await aged.owner.execute(
        "update month set key_version = null, wrapped_key = null, forgotten_at = now()"
        " where month = $1",
        LONG_AGO,
    )

    assert [one.flaw for one in (await proved(aged)).findings] == [Flaw.UNDECLARED]


async def test_the_secret_is_changed_without_touching_the_log(aged, job, subject_keys, tmp_path):
    rows = "select sequence, subject_key, content from record order by sequence"
    before = await aged.owner.fetch(rows)
    subject_keys(1, 2, current=2)

    assert await job("rewrap")

    only_second = subject_keys(2, current=2)
    opened = Months(PostgresMonths(aged.trail.records._pool), only_second, utc_now)
    assert (await opened.all())[0].month == LONG_AGO
    assert await aged.owner.fetch(rows) == before
    assert (await proved(aged)).findings == []


async def test_a_clock_that_is_set_back_opens_no_earlier_month(running):
    await running.record(1)
    now = (await running.trail.months.current()).month
    ahead = now + 1
    await running.owner.execute(
        f"create table record_{ahead} partition of record"
        f" for values from ({ahead << 34}) to ({ahead + 1 << 34})"
    )
    await running.owner.execute(
        "insert into month (month, key_version, wrapped_key) values ($1, 1, $2)",
        ahead,
        running.trail.subjects.wrapped(b"m" * 32),
    )
    await running.owner.execute("select setval('record_sequence', $1, false)", ahead << 34)

    await running.record(1)
    await running.grow()

    await running.check()
    assert (await running.trail.months.current()).month == ahead

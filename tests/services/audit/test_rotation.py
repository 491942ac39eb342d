"""The secret is changed: what is kept beside the log is found and read with the new one alone."""

import argparse
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.audit.corrections.store import PostgresReports
from services.audit.decisions.model import NewDecision
from services.audit.decisions.store import PostgresDecisions
from services.audit.retention.__main__ import run_command
from services.audit.retention.rotation import TABLES, Rotation
from services.audit.retention.settings import Settings
from services.audit.trail.model import HiddenReplacement
from services.audit.trail.store.replacements import PostgresReplacements
from services.audit.trail.subjects import SubjectKeysUnusable
from services.kit.postgres import pool
from tests.services.audit.fakes import ANOTHER, PERSON
from tests.services.audit.test_reports_store import SOURCE, new

NOW = datetime(2026, 11, 25, tzinfo=UTC)
CONTENT = b"what was decided"


@pytest.fixture
async def kept(database, subject_keys):
    """The stores as the service has them, and the database as its owner has it."""
    owner = await asyncpg.connect(database.owner_dsn)
    async with pool(database.dsn, name="audit") as opened:
        try:
            yield Kept(database, owner, opened)
        finally:
            await owner.close()


class Kept:
    """What is hidden beside the log."""

    def __init__(self, database, owner, serving):
        self.database, self.owner, self.serving = database, owner, serving
        self.reports, self.decisions = PostgresReports(serving), PostgresDecisions(serving)
        self.replacements = PostgresReplacements(serving)

    async def add(self, keys, named=None):
        """One of everything, under the current version of these keys."""
        one = named or uuid4()
        await self.reports.add(new(report_id=one, subject=keys.hide(PERSON, one)))
        sealed = keys.seal(CONTENT, one)
        await self.decisions.add(NewDecision(one, SOURCE, keys.hide(PERSON, one), sealed))
        both = keys.hide(PERSON, one), keys.hide(ANOTHER, one)
        await self.replacements.add_replacement(HiddenReplacement(one, *both, NOW))
        return one

    async def check(self, keys, named):
        """Everything is found and read with these keys alone."""
        found = keys.keys_of(PERSON)
        reports = {
            one.told.report_id: one.told.subject
            for one in await self.reports.of_subject(found, None, 0, 100)
        }
        decisions = {
            one.told.decision_id: one.told for one in await self.decisions.of_subject(found, 0, 100)
        }
        replaced = {
            one.event_id: one
            for key in (found, keys.keys_of(ANOTHER))
            for one in await self.replacements.replacements_of(key, 100)
        }
        assert reports.keys() == decisions.keys() == replaced.keys() == set(named)
        for one in named:
            assert keys.reveal(reports[one], one) == PERSON
            assert keys.reveal(decisions[one].subject, one) == PERSON
            assert keys.open(decisions[one].sealed, one) == CONTENT
            assert keys.reveal(replaced[one].old, one) == PERSON
            assert keys.reveal(replaced[one].new, one) == ANOTHER


@pytest.fixture
def job(kept, tmp_path):
    """Runs the job as the owner, with the secrets that are in the file."""

    async def run():
        dsn = tmp_path / "owner.dsn"
        dsn.write_text(kept.database.owner_dsn)
        settings = Settings(
            database_owner_dsn_file=dsn, subject_keys_file=tmp_path / "subject-keys.json"
        )
        return await run_command(settings, argparse.Namespace(what="rewrap"), NOW.date())

    return run


async def test_everything_is_found_and_read_with_the_new_secret_alone(kept, job, subject_keys):
    old = subject_keys(1, current=1)
    named = [await kept.add(old) for _ in range(3)]
    # An identification is made by who reports: also the least there is.
    named.append(await kept.add(old, UUID(int=0)))
    subject_keys(1, 2, current=2)

    assert await job()

    await kept.check(subject_keys(2, current=2), named)


async def test_what_a_report_says_is_not_touched(kept, job, subject_keys):
    await kept.add(subject_keys(1, current=1))
    rows = "select report_id, data_contract, state, reported_at, due_date from error_report"
    before = await kept.owner.fetch(rows)
    subject_keys(1, 2, current=2)

    assert await job()

    assert await kept.owner.fetch(rows) == before


async def test_a_run_that_was_interrupted_is_done_again(kept, subject_keys, monkeypatch):
    monkeypatch.setattr("services.audit.retention.rotation.AT_ONCE", 2)
    named = [await kept.add(subject_keys(1, current=1)) for _ in range(5)]
    both, told = subject_keys(1, 2, current=2), []

    def stop(table, count):
        told.append((table, count))
        if table == "decision":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await Rotation(kept.owner, both).rotate(stop)
    assert told == [*[("error_report", n) for n in (2, 2, 1)], ("decision", 2)]
    # Meanwhile everything is found, whatever it is under.
    await kept.check(both, named)

    again = []
    assert await Rotation(kept.owner, both).rotate(lambda *part: again.append(part))

    assert sum(count for table, count in again if table == "decision") == 3
    assert not [table for table, _ in again if table == "error_report"]
    await kept.check(subject_keys(2, current=2), named)


async def test_what_is_under_the_current_secret_is_not_written(kept, subject_keys):
    await kept.add(subject_keys(1, current=1))
    told = []

    assert await Rotation(kept.owner, subject_keys(1, 2, current=1)).rotate(
        lambda *part: told.append(part)
    )

    assert told == []


async def test_the_job_says_when_a_service_still_adds_under_the_old_secret(
    kept, job, subject_keys, monkeypatch
):
    old = subject_keys(1, current=1)
    await kept.add(old)
    subject_keys(1, 2, current=2)
    written = Rotation._rewrite

    async def late(self, table, told):
        await written(self, table, told)
        if table == TABLES[-1]:
            await kept.add(old)

    monkeypatch.setattr(Rotation, "_rewrite", late)
    assert not await job()

    monkeypatch.undo()
    assert await job()


async def test_without_the_old_secret_the_job_says_so_and_changes_nothing(kept, subject_keys):
    await kept.add(subject_keys(1, current=1))

    with pytest.raises(SubjectKeysUnusable, match="error_report"):
        await Rotation(kept.owner, subject_keys(2, current=2)).rotate(lambda *part: None)

    versions = await kept.owner.fetch("select subject_key_version from error_report")
    assert {row["subject_key_version"] for row in versions} == {1}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("error_report", "subject_key"),
        ("error_report", "subject_encrypted"),
        ("decision", "content"),
        ("decision", "subject_key"),
        ("replacement", "old_key"),
    ],
)
async def test_the_service_itself_rewrites_nothing(kept, table, column):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await kept.serving.execute(f"update {table} set {column} = {column}")

"""The commands, as an operator gives them."""

import asyncio
import json
import os
import sys
from datetime import date

import pytest
import yaml

from sandbox import topology
from sandbox.credentials import Vault
from sandbox.profiles import write_profile
from sandbox.servers.databases import dsn_files
from sandbox.state import State
from services.audit.oversight.__main__ import month_asked, period_asked
from services.audit.trail.month_names import month_name, month_number
from services.concepts.code_lists import code_lists
from services.kit.clock import belgian_day, utc_now
from services.kit.postgres import pool
from services.registry.load.__main__ import load_files
from services.registry.store import PostgresStore
from services.registry.usecases import Registry
from services.registry.wire import Travelling
from tests.services.audit.oversight.test_overseer import NUMBERS, YESTERDAY, asked, entry
from tests.support.commanding import cbss_beside

__all__ = ["asked"]
MONTH = f"{YESTERDAY:%Y-%m}"
PERIOD = ("--from", str(YESTERDAY), "--until", str(belgian_day(utc_now())))


@pytest.fixture
async def sandbox(asked, postgres, tmp_path):
    """A folder as a sandbox keeps it, with a trail."""
    state = State.at(tmp_path / "state").made()
    vault = Vault.founded(state)
    write_profile(state, topology.fixed_ports(), vault)
    keys, dsn = vault.subject_keys, dsn_files(state.secrets)["audit"].service
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text((tmp_path / "subject-keys.json").read_text())
    dsn.write_text(asked.database.dsn)
    registry = await postgres.migrated("registry")
    dsn_files(state.secrets)["registry"].owner.write_text(registry.owner_dsn)
    await announce(registry.owner_dsn, tmp_path, 1)
    return tmp_path / "state"


async def announce(dsn, folder, hourly):
    """Load the onboarding file; the trail says that it has the act, as audit does."""
    told = {"legal_context": "SOCIAL:AID", "data_contract": "HANDICAP", "hourly": hourly}
    one = {"cbe_number": NUMBERS[0], "name": "One", "expects": [told]}
    (folder / "organizations.yaml").write_text(yaml.safe_dump({"organizations": [one]}))
    assert await load_files(dsn, [folder / "organizations.yaml"])
    async with pool(dsn, name="registry") as opened:
        form = Travelling()
        registry = Registry(PostgresStore(opened, form), form, code_lists(), utc_now)
        await registry.confirm([act.act_id for act in await registry.unrecorded()])


async def told(*arguments):
    return await cbss_beside("audit", *arguments)


async def test_the_report_of_a_month_is_told_as_text_and_as_json(sandbox):
    text = await told("report", "--month", MONTH, "--state", sandbox)
    held = await told("report", "--month", MONTH, "--state", sandbox, "--json")

    assert "SOCIAL:AID" in text.output
    assert [one["organization"] for one in json.loads(held.output)["reports"]] == NUMBERS


async def test_misuse_is_told_in_the_language_of_the_officer(sandbox):
    german = await told("misuse", *PERIOD, "--language", "de", "--state", sandbox)

    assert german.output.count("ASKED_BY_MANY") == len(NUMBERS)
    assert "Prüfen" in german.output


async def test_more_than_the_registry_knows_to_be_announced_is_told(asked, sandbox, tmp_path):
    await asked.trail.record([entry(NUMBERS[0], hour=hour) for hour in (9, 9, 14, 14)])
    await asked.grow()
    registry = dsn_files(State.at(sandbox).secrets)["registry"].owner.read_text()

    above = await told("misuse", *PERIOD, "--state", sandbox, "--json")
    await announce(registry, tmp_path, 2)
    within = await told("misuse", *PERIOD, "--state", sandbox, "--json")

    assert [(one["organization"], one["alerts"]) for one in volumes(above)] == [(NUMBERS[0], 1)]
    assert volumes(within) == []


def volumes(output):
    return [one for one in json.loads(output.output)["told"] if one["code"] == "ABOVE_ESTIMATE"]


async def test_what_is_no_month_is_refused(sandbox):
    assert (await told("report", "--month", "2026-13", "--state", sandbox)).exit_code == 2


async def test_the_job_reads_its_place_from_the_environment(sandbox):
    state = State.at(sandbox)
    place = {
        "DATABASE_DSN_FILE": str(dsn_files(state.secrets)["audit"].service),
        "SUBJECT_KEYS_FILE": str(Vault(state).subject_keys),
    }

    job = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.audit.oversight", "misuse", *PERIOD, "--json"),
        env=os.environ | place,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await job.communicate()

    assert job.returncode == 0
    assert len(json.loads(output)["told"]) == len(NUMBERS)


@pytest.mark.parametrize(
    ("first", "until", "asked"),
    [
        (None, None, ("2026-02-28", "2026-03-01")),
        ("2026-02-01", None, ("2026-02-01", "2026-03-01")),
        (None, "2026-01-01", ("2025-12-31", "2026-01-01")),
        ("2026-01-01", "2026-01-08", ("2026-01-01", "2026-01-08")),
    ],
)
def test_the_clock_asks_for_the_day_that_is_over(first, until, asked):
    days = [None if day is None else date.fromisoformat(day) for day in (first, until)]

    found = period_asked(*days, date(2026, 3, 1))

    assert tuple(map(str, found)) == asked


@pytest.mark.parametrize(
    ("month", "named"), [(None, "2025-12"), (month_number(2026, 1), "2026-01")]
)
def test_the_clock_asks_for_the_month_that_is_over(month, named):
    assert month_name(month_asked(month, date(2026, 1, 31))) == named

"""Jobs on dossiers by the million: what is right is loaded, what is not is told, nothing twice."""

import asyncio
import csv
import os
import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from services.concepts.code_lists import code_lists
from services.concepts.reviewed import LoadRefused
from services.directory.bulk import reconciling
from services.directory.bulk.__main__ import last_month
from services.directory.bulk.loading import BulkLoad
from services.directory.bulk.reconciling import Reconciliation
from services.directory.errors import DossierOverlaps
from services.directory.load.dossiers import COLUMNS, DossierLines
from services.directory.model import REPLACED, Difference, Dossier, Loaded, QualityCode
from services.directory.store import PostgresBulk, PostgresShelf, PostgresStore
from services.kit.postgres import pool
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    NOBODY,
    PERSON,
    TODAY,
    dossier,
    organization,
    period,
    person,
    registration,
    source,
)

DAY = date(2026, 10, 31)


@pytest.fixture
async def job(database):
    """The database as its owner works on it, with two institutions."""
    async with pool(database.owner_dsn, name="test", most=2) as opened:
        shelf, store = PostgresShelf(opened), PostgresStore(opened)
        keys = await store.keys_of([organization(), source()])
        yield SimpleNamespace(
            bulk=PostgresBulk(opened),
            shelf=shelf,
            store=store,
            keys=keys,
            lines=DossierLines(await store.holders(), code_lists(), TODAY),
        )


def line(whom=PERSON, number=CENTRE, quality="002", begin="2020-01-01", end="", phase=""):
    return f"{whom.digits},{number.digits},{quality},{phase},{begin},{end}"


def file(folder, *lines):
    path = folder / "dossiers.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    return path


def read(path):
    with path.open(newline="") as opened:
        return list(csv.reader(opened))[1:]


def load(job, chunk=2, told=lambda *_: None):
    return BulkLoad(job.bulk, job.lines, told, chunk)


async def held(job, *persons):
    found = await job.store.dossiers_of(persons, job.keys.values())
    return {whom: set(dossiers) for whom, dossiers in found.items()}


MIXED = [
    line(),
    line(number=NOBODY),
    line(ANOTHER, quality="2"),
    line(begin="2021-01-01"),
    line(ANOTHER),
    "nonsense",
    line(person(1)),
]
REASONS = [
    ["3", "cbe_number", "is not an organization of the network"],
    ["4", "quality_code", "must be 3 digits"],
    ["5", "", DossierOverlaps.message()],
    ["7", "", "must have 6 fields"],
]


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
async def test_what_is_right_is_loaded_and_the_rest_reported_with_reasons(job, tmp_path, chunk):
    report = tmp_path / "report.csv"

    done = await load(job, chunk).load(file(tmp_path, *MIXED), report)

    assert (done.lines, done.rejected) == (7, 4)
    assert read(report) == REASONS
    found = await held(job, PERSON, ANOTHER, person(1))
    assert {whom: len(dossiers) for whom, dossiers in found.items()} == {
        PERSON: 1,
        ANOTHER: 1,
        person(1): 1,
    }


async def test_an_interrupted_load_goes_on_and_reports_nothing_twice(job, tmp_path):
    report, path = tmp_path / "report.csv", file(tmp_path, *MIXED)
    chunks = []

    def interrupted(progress, loaded):
        chunks.append(progress.lines)
        if len(chunks) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await load(job, told=interrupted).load(path, report)
    # As if the process had ended between reporting a chunk and committing it.
    report.write_text(report.read_text() + "7,,must have 6 fields\n")

    done = await load(job, told=lambda progress, _: chunks.append(progress.lines)).load(
        path, report
    )

    assert chunks == [2, 4, 6, 7]
    assert (done.lines, done.rejected) == (7, 4)
    assert read(report) == REASONS


async def test_a_file_that_was_loaded_is_not_loaded_again(job, tmp_path):
    report, path, told = tmp_path / "report.csv", file(tmp_path, *MIXED), []
    await load(job).load(path, report)

    await load(job, told=lambda *now: told.append(now)).load(path, report)

    assert told == []
    assert read(report) == REASONS


async def test_progress_tells_what_became_of_the_lines(job, tmp_path):
    told = []
    path = file(tmp_path, line(), line(ANOTHER), line(end="2021-12-31"))

    await load(job, told=lambda progress, loaded: told.append(loaded)).load(path, tmp_path / "r")

    assert told == [Loaded(added=2), Loaded(corrected=1)]


async def test_a_file_of_another_form_is_refused(job, tmp_path):
    path = tmp_path / "dossiers.csv"
    path.write_text("ssin;cbe\n")

    with pytest.raises(LoadRefused):
        await load(job).load(path, tmp_path / "report.csv")


async def test_what_is_exported_is_loaded_as_the_same_dossiers(job, tmp_path):
    lines = [line(person(n), quality="001", phase="3") for n in range(40)]
    await load(job).load(file(tmp_path, *lines, line(end="2021-12-31")), tmp_path / "report.csv")
    centre = job.keys[CENTRE]
    await job.shelf.register([registration(centre, person=ANOTHER, quality=REPLACED)])

    exported = 0
    for n, part in enumerate(await job.bulk.parts()):
        exported += await job.bulk.export(part, tmp_path / str(n))
    rows = [row for n in range(16) for row in read(tmp_path / str(n))]

    assert exported == len(rows) == 41
    again = [await load(job).load(tmp_path / str(n), tmp_path / "again") for n in range(16)]
    assert (sum(one.lines for one in again), sum(one.rejected for one in again)) == (41, 0)
    assert (await held(job, PERSON))[PERSON] == {dossier(centre, quality=2, end="2021-12-31")}


@pytest.fixture
async def listed(job):
    """The directory's side of a comparison, and a reconciliation of the centre's list."""
    centre = job.keys[CENTRE]
    await job.shelf.register(
        [
            registration(centre, 1, quality=2),
            registration(centre, 2, quality=5, phase=1),
            registration(centre, 3, person=ANOTHER, quality=2),
            registration(centre, 4, person=ANOTHER, quality=5, end="2026-10-30"),
            registration(job.keys[FEDERAL], 5, person=ANOTHER),
        ]
    )
    return Reconciliation(job.bulk, job.shelf, CENTRE, centre, DAY)


LISTED = [
    registration(1, 1, quality=2),
    registration(1, 2, quality=5, phase=2),
    registration(1, 3, person=person(1), quality=2, begin="2026-01-01"),
]
DIFFERENCES = {
    Difference(PERSON, QualityCode(5), date(2020, 1, 1), (2, None), (1, None)),
    Difference(person(1), QualityCode(2), date(2026, 1, 1), (0, None), None),
    Difference(ANOTHER, QualityCode(2), date(2020, 1, 1), None, (0, None)),
}


async def test_a_list_is_compared_with_what_is_active_on_the_day(listed):
    assert set(await listed.compare(LISTED)) == DIFFERENCES


async def test_comparing_changes_nothing(job, listed):
    before = await held(job, PERSON, ANOTHER, person(1))

    await listed.compare(LISTED)

    assert await held(job, PERSON, ANOTHER, person(1)) == before


async def test_confirmed_differences_become_changes_and_then_there_are_none(job, listed):
    done = await listed.apply(await listed.compare(LISTED))

    assert done == Loaded(added=1, corrected=2)
    assert await listed.compare(LISTED) == []
    kept = (await held(job, ANOTHER))[ANOTHER]
    assert dossier(job.keys[CENTRE], quality=2, end="2026-10-30") in kept


async def test_the_list_of_another_institution_is_refused(job, listed):
    with pytest.raises(LoadRefused) as refused:
        await listed.compare([registration(job.keys[FEDERAL], 9)])

    assert refused.value.problems[0].line == 9


def test_what_begins_on_the_day_of_the_list_and_is_not_on_it_lasts_that_day():
    fresh = Difference(PERSON, QualityCode(2), DAY, None, (0, None))

    assert reconciling.reconcile(fresh, 1, DAY) == Dossier(
        1, QualityCode(2), 0, period(str(DAY), str(DAY))
    )


def test_the_report_says_what_each_side_has(tmp_path):
    report = tmp_path / "report.csv"

    reconciling.write(sorted(DIFFERENCES, key=lambda one: one.person), report)

    rows = {row[3]: row for row in read(report)}
    assert rows["DIFFERS"][4:] == ["2", "", "1", ""]
    assert rows["NOT_HELD"][4:] == ["0", "", "", ""]
    assert rows["NOT_LISTED"][4:] == ["", "", "0", ""]


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 28), date(2026, 10, 1)),
        (date(2026, 11, 1), date(2026, 10, 1)),
        (date(2027, 1, 31), date(2026, 12, 1)),
    ],
)
def test_what_the_clock_asks_for_is_the_last_whole_month(today, month):
    assert last_month(today) == month


async def test_figures_keep_the_two_measures_apart(job):
    centre, federal = job.keys[CENTRE], job.keys[FEDERAL]
    await job.shelf.register(
        [
            registration(centre, 1, quality=2),
            registration(centre, 2, quality=5, end="2021-12-31"),
            registration(federal, 3),
            registration(centre, 4, person=ANOTHER, quality=2, end="2026-10-30"),
            registration(centre, 5, person=person(1), quality=2, begin="2026-11-01"),
            registration(centre, 6, person=person(2), quality=REPLACED),
        ]
    )

    await job.bulk.count_figures(date(2026, 10, 1), DAY)
    await job.bulk.count_figures(date(2026, 10, 1), DAY)

    found = {one.sector: replace(one, sector=None) for one in await job.store.figures(DAY, DAY)}
    told = {sector: (one.persons, one.actors, one.active_dossiers) for sector, one in found.items()}
    assert told == {None: (2, 3, 2), 17: (2, 2, 1), 16: (1, 1, 1)}


async def command(database, tmp_path, *words):
    """The command, as it is run; what it said, and its code."""
    dsn = tmp_path / "owner.dsn"
    dsn.write_text(database.owner_dsn)
    job = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.directory.bulk", *map(str, words)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "DATABASE_OWNER_DSN_FILE": str(dsn)},
    )
    said, _ = await job.communicate()
    return said.decode(), job.returncode


async def test_the_jobs_are_run_from_the_command_line(database, job, tmp_path):
    listed, report = file(tmp_path, line(), line(ANOTHER, number=NOBODY)), tmp_path / "report.csv"

    loaded = await command(database, tmp_path, "load", listed, "--report", report)
    exported = await command(database, tmp_path, "export", tmp_path / "parts")
    counted = await command(database, tmp_path, "figures", "2026-10")
    own = ("--cbe-number", CENTRE.digits, "--day", DAY, "--report", report, "--confirm")
    empty = file(tmp_path)
    compared = await command(database, tmp_path, "reconcile", empty, *own)

    assert [loaded[1], exported[1], counted[1], compared[1]] == [0, 0, 0, 0]
    assert PERSON.digits not in loaded[0] + exported[0] + compared[0]
    assert len(list((tmp_path / "parts").glob("*.csv"))) == 16
    assert len(await job.store.figures(DAY, DAY)) == 2
    assert [row[3] for row in read(report)] == ["NOT_LISTED"]
    ended = dossier(job.keys[CENTRE], quality=2, end="2026-10-30")
    assert (await held(job, PERSON))[PERSON] == {ended}


@pytest.mark.parametrize("words", [["load", "missing.csv", "--report", "r.csv"], ["export"], []])
async def test_a_command_that_cannot_be_done_says_so_and_fails(database, tmp_path, words):
    said, code = await command(database, tmp_path, *words)

    assert code != 0
    assert said

"""The load job, as it is run: files in, a directory that answers."""

import asyncio
import json
import sys
from datetime import timedelta
from types import SimpleNamespace

import asyncpg
import pytest
import yaml

from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.reference import Reference
from services.directory.load.loader import load_files
from services.directory.model import Located, LocatedSource
from services.directory.peers.registry import RegistryShelf
from services.directory.store import PostgresStore
from services.directory.usecases import CatalogueKeeper, Directory
from services.kit.postgres import pool
from services.registry.load import contracts, organizations
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    NETWORK,
    PERSON,
    REGION,
    TODAY,
    period,
    question,
)

ORGANIZATIONS = f"""\
organizations:
- {{cbe_number: "{CENTRE.digits}", name: Centre, sector_institution: "17.1"}}
- cbe_number: "{NETWORK.digits}"
  name: Network
  sector_institution: "17.0"
  manages: ["{CENTRE.digits}"]
  public_key_sha256: ["{FINGERPRINT}"]
- cbe_number: "{FEDERAL.digits}"
  name: Federal
  sector_institution: "16.0"
  endpoint: {{address: "dns:///federal:7443", server_name: federal}}
- cbe_number: "{REGION.digits}"
  name: Region
  sector_institution: "69.1"
  endpoint: {{address: "dns:///region:7443", server_name: region}}
"""
DOSSIERS = [
    {"ssin": PERSON, "cbe_number": CENTRE, "quality_code": "002", "begin_date": "2020-01-01"},
    {"ssin": PERSON, "cbe_number": FEDERAL, "quality_code": "005", "begin_date": "2019-01-01"},
    {"ssin": PERSON, "cbe_number": REGION, "quality_code": "902", "begin_date": "2019-01-01"},
    {
        "ssin": ANOTHER,
        "cbe_number": CENTRE,
        "quality_code": "002",
        "begin_date": "2020-01-01",
        "end_date": "2021-12-31",
    },
]
MORE = f"""\
ssin,cbe_number,quality_code,phase,begin_date,end_date
{ANOTHER.digits},{REGION.digits},000,3,2018-01-01,2020-06-30
{ANOTHER.digits},{FEDERAL.digits},001,,2018-01-01,
"""
HANDICAP = ContractName("HANDICAP", 1)


def lines(*dossiers):
    """Dossiers as JSON, one a line."""
    plain = [
        {key: getattr(value, "digits", value) for key, value in one.items()} for one in dossiers
    ]
    return "".join(json.dumps(one) + "\n" for one in plain)


@pytest.fixture
def job(database, tmp_path):
    """Runs the command with files of these names and texts; says its code and what it logged."""
    dsn = tmp_path / "dsn"
    dsn.write_text(database.owner_dsn + "\n")

    async def run(*options, **files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        paths = [str(tmp_path / name.replace("_", ".")) for name in files]
        command = (sys.executable, "-m", "services.directory.load", *options, *paths)
        running = await asyncio.create_subprocess_exec(
            *command,
            env={"PYTHONPATH": ".:protos/gen", "DATABASE_OWNER_DSN_FILE": str(dsn)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await running.communicate()
        logged = [json.loads(line) for line in out.decode().splitlines()]
        return SimpleNamespace(code=running.returncode, logged=logged, text=(out + err).decode())

    return run


async def everything(database):
    """All rows of all tables, with what PostgreSQL calls their versions where nothing may move."""
    connection = await asyncpg.connect(database.owner_dsn)
    try:
        return {
            table: [tuple(row) for row in await connection.fetch(f"select {columns} from {table}")]
            for table, columns in {
                "organization": "xmin::text, organization.*",
                "person_dossiers": "xmin::text, person_dossiers.*",
                "superseded_dossier": "superseded_dossier.*",
            }.items()
        }
    finally:
        await connection.close()


def registered():
    """What the registry makes of the same file and the contracts that are shipped."""
    admitted = organizations.read(yaml.safe_load(ORGANIZATIONS), Reference(0, b""))
    offered = [
        contracts.read(yaml.safe_load(path.read_text("utf-8")))
        for path in contracts.shipped_files()
    ]
    return Reference(
        1,
        b"",
        {one.cbe_number: one for one in admitted},
        {one.name: one for one in offered},
    )


async def test_what_is_loaded_is_located(database, job):
    done = await job(
        more_csv=MORE,
        dossiers_jsonl=lines(*DOSSIERS),
        organizations_yaml=ORGANIZATIONS,
    )

    assert done.code == 0, done.text
    async with pool(database.dsn, name="test") as connections:
        store = PostgresStore(connections)
        shelf = RegistryShelf(store, SimpleNamespace(current=registered))
        catalogues = CatalogueKeeper(
            shelf, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=lambda: TODAY
        )
        await catalogues.refresh()
        directory = Directory(store, catalogues, code_lists(), lambda: TODAY)
        found = await directory.locate_dossiers(
            [
                question(contract=HANDICAP),
                question(contract=HANDICAP, customer=NETWORK),
                question(ANOTHER, contract=HANDICAP),
                question(ANOTHER, contract=HANDICAP, begin="2020-06-30", end="2021-01-01"),
            ]
        )
        listed, _ = directory.list_organizations(None, 10)
        offers, _ = directory.list_data_contracts(None, 100)
    federal = LocatedSource(FEDERAL, (1,))
    assert found == [
        Located((2,), (LocatedSource(FEDERAL, (5,)),)),
        Located((), (LocatedSource(FEDERAL, (5,)),)),
        Located((), (federal,)),
        Located((2,), (federal, LocatedSource(REGION, (0,)))),
    ]
    assert [one.manages for one in listed if one.cbe_number == NETWORK] == [(CENTRE,)]
    assert len(offers) == len(contracts.shipped_files())


async def test_loading_again_changes_nothing(database, job):
    files = {
        "organizations_yaml": ORGANIZATIONS,
        "dossiers_jsonl": lines(*DOSSIERS),
        "more_csv": MORE,
    }
    await job(**files)
    before = await everything(database)

    again = await job(**files)

    assert again.code == 0
    assert await everything(database) == before
    assert len(before["person_dossiers"]) == 2
    told = [one for one in again.logged if one["event"] == "dossiers loaded"]
    assert [(one["added"], one["corrected"], one["unchanged"]) for one in told] == [
        (0, 0, 4),
        (0, 0, 2),
    ]


async def test_every_problem_is_named_with_its_file_and_line_and_nobody_is(database, job):
    await job(organizations_yaml=ORGANIZATIONS, dossiers_jsonl=lines(DOSSIERS[0]))
    before = await everything(database)
    overlapping = {**DOSSIERS[0], "begin_date": "2021-01-01"}

    done = await job(
        bad_yaml='organizations:\n- name: A\n- cbe_number: "1"\n  name: B\n',
        other_yaml="things: []\n",
        wrong_jsonl=lines(DOSSIERS[1]) + "{\n" + lines({**DOSSIERS[2], "phase": 100}),
        overlap_jsonl=lines(DOSSIERS[1], overlapping, DOSSIERS[1]),
        rows_csv=MORE.replace(",,2018", ",,2081"),
    )

    assert done.code == 1
    refused = [
        (one["file"], one["line"], one["field"]) for one in done.logged if one["event"] == "refused"
    ]
    assert refused == [
        ("other.yaml", 1, ""),
        ("bad.yaml", 2, "organizations[0].cbe_number"),
        ("bad.yaml", 3, "organizations[1].cbe_number"),
        ("wrong.jsonl", 2, ""),
        ("wrong.jsonl", 3, "phase"),
        ("overlap.jsonl", 2, ""),
        ("overlap.jsonl", 3, ""),
        ("rows.csv", 3, "begin_date"),
    ]
    assert await everything(database) == before
    assert PERSON.digits not in done.text
    assert ANOTHER.digits not in done.text


async def test_a_file_that_is_refused_does_not_keep_others_out(database, job):
    done = await job(
        organizations_yaml=ORGANIZATIONS, dossiers_jsonl=lines(*DOSSIERS), bad_csv="nothing\n"
    )

    assert done.code == 1
    assert len((await everything(database))["person_dossiers"]) == 2


async def test_a_correction_is_merged_with_what_is_there(database, job):
    await job(organizations_yaml=ORGANIZATIONS, dossiers_jsonl=lines(*DOSSIERS))
    closed = {**DOSSIERS[0], "end_date": "2024-12-31", "phase": 2}
    opened = {**DOSSIERS[0], "begin_date": "2025-01-01"}

    done = await job(corrections_jsonl=lines(closed, opened))

    told = done.logged[-1]
    assert (told["added"], told["corrected"], told["unchanged"]) == (1, 1, 0)
    async with pool(database.dsn, name="test") as connections:
        store = PostgresStore(connections)
        centre = next(one.key for one in await store.holders() if one.number == CENTRE)
        found = await store.dossiers_of([PERSON], {centre})
    assert [one.period for one in found[PERSON]] == [
        period("2020-01-01", "2024-12-31"),
        period("2025-01-01"),
    ]
    assert len((await everything(database))["superseded_dossier"]) == 1


@pytest.mark.parametrize("name", ["absent.yaml", "absent.jsonl", "absent.csv"])
async def test_a_file_that_is_not_there_is_named(database, tmp_path, name):
    assert not await load_files(database.owner_dsn, [tmp_path / name])


@pytest.mark.parametrize("options", [[], ["--unknown"]])
async def test_a_command_that_makes_no_sense_is_refused(job, options):
    done = await job(*options)

    assert done.code == 2
    assert "usage" in done.text


async def test_a_database_without_tables_is_said_without_a_trace(postgres, job, tmp_path):
    empty = await postgres.database("directory")
    (tmp_path / "dsn").write_text(empty.owner_dsn)

    done = await job(organizations_yaml=ORGANIZATIONS)

    assert done.code == 1
    assert done.logged[-1]["event"] == "load failed"
    assert done.logged[-1]["sqlstate"] == "42P01"
    assert "Traceback" not in done.text

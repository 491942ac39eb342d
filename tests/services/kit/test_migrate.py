"""Migrations: forward only, one at a time, never edited."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from services.kit.migrate import Migration, MigrationsDisagree, migrate, migrations, pending
from services.kit.postgres import statements
from tests.support.postgres import Postgres


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A package with migrations; call it with file names and texts."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"migrated_{tmp_path.name}"
    folder = tmp_path / name / "sql" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()

    def written(**texts: str) -> str:
        for stem, text in texts.items():
            (folder / f"{stem.removeprefix('m')}.sql").write_text(text)
        return name

    yield written
    sys.modules.pop(name, None)


FIRST = "create table thing (id integer primary key); grant select on thing to directory;"


def files(*names: str) -> list[Migration]:
    return [Migration(int(name[:4]), name, name.split("_")[1], name) for name in names]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (None, ["0002_after_b", "0003_before_c", "0004_after_d"]),
        ("after", ["0002_after_b", "0003_before_c", "0004_after_d"]),
        ("before", ["0002_after_b", "0003_before_c"]),
    ],
)
def test_a_phase_ends_where_new_code_can_run(phase, expected):
    all_files = files("0001_before_a", "0002_after_b", "0003_before_c", "0004_after_d")
    applied = {1: all_files[0].sha256}

    assert [one.name for one in pending(all_files, applied, phase)] == expected


@pytest.mark.parametrize(
    ("names", "applied"),
    [
        (["0001_before_a"], {1: "another digest"}),
        (["0001_before_a"], {2: "unknown"}),
        (["0001_before_a", "0002_before_b"], {2: files("0002_before_b")[0].sha256}),
    ],
    ids=["edited", "database ahead", "skipped"],
)
def test_files_that_tell_another_story_than_the_database_are_refused(names, applied):
    with pytest.raises(MigrationsDisagree):
        pending(files(*names), applied)


@pytest.mark.parametrize("name", ["first.sql", "0001_during_a.sql", "0002_before_a.sql"])
def test_a_misnamed_file_is_refused(tmp_path, name):
    (tmp_path / name).touch()

    with pytest.raises(MigrationsDisagree):
        migrations(tmp_path)


async def test_migrations_apply_once_and_leave_the_service_its_grants(postgres: Postgres, package):
    database = await postgres.database("directory")
    name = package(m0001_before_thing=FIRST, m0002_after_more="alter table thing add note text;")

    assert await migrate(database.owner_dsn, name, "before") == ["0001_before_thing"]
    assert await migrate(database.owner_dsn, name) == ["0002_after_more"]
    assert await migrate(database.owner_dsn, name) == []

    service = await asyncpg.connect(database.dsn)
    assert await service.fetch("select id, note from thing") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute("insert into thing values (1)")
    await service.close()


async def test_jobs_that_run_at_the_same_time_apply_each_file_once(postgres: Postgres, package):
    database = await postgres.database("directory")
    name = package(m0001_before_thing=FIRST)

    done = await asyncio.gather(*(migrate(database.owner_dsn, name) for _ in range(5)))

    assert sorted(done) == [[], [], [], [], ["0001_before_thing"]]


async def test_a_failing_file_leaves_nothing_behind(postgres: Postgres, package):
    database = await postgres.database("directory")
    name = package(m0001_before_thing=FIRST + " create table thing (id integer);")

    with pytest.raises(asyncpg.DuplicateTableError):
        await migrate(database.owner_dsn, name)

    package(m0001_before_thing=FIRST)
    assert await migrate(database.owner_dsn, name) == ["0001_before_thing"]


async def test_an_edited_file_stops_the_job(postgres: Postgres, package):
    database = await postgres.database("directory")
    name = package(m0001_before_thing=FIRST)
    await migrate(database.owner_dsn, name)
    package(m0001_before_thing=FIRST + " -- a late thought")

    with pytest.raises(MigrationsDisagree):
        await migrate(database.owner_dsn, name)


async def test_the_command_says_what_it_did_and_that_it_failed(
    postgres: Postgres, package, tmp_path
):
    database = await postgres.database("directory")
    name = package(m0001_before_thing=FIRST)
    dsn = tmp_path / "dsn"
    dsn.write_text(database.owner_dsn + "\n")

    async def command() -> tuple[int, str]:
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.kit.migrate", name, "--phase", "before"),
            env={"PYTHONPATH": f"{tmp_path}:.", "DATABASE_OWNER_DSN_FILE": str(dsn)},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await job.communicate()
        return job.returncode or 0, out.decode()

    code, said = await command()
    assert code == 0
    assert '"migration": "0001_before_thing"' in said
    package(m0001_before_thing=FIRST + " ")
    code, said = await command()
    assert code == 1
    assert "edited" in said


def test_statements_are_found_by_name_with_their_parameters_untouched(package, tmp_path):
    name = package()
    text = "-- name: dossiers_of\n-- Why.\nselect day::date from dossier where person = $1;\n"
    (tmp_path / name / "sql" / "queries.sql").write_text(text)

    found = statements(name)

    assert found.dossiers_of == "select day::date from dossier where person = $1;"

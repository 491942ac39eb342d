"""What the database holds by itself, whoever writes."""

import asyncpg
import pytest

from services.directory.store import PostgresShelf, PostgresStore
from services.kit.postgres import pool
from tests.services.directory.examples import CENTRE, PERSON, organization, registration

PUT = """
insert into person_dossiers
  (ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at)
values (71713000318, $1, $2, $3, $4::text[]::date[], $5::text[]::date[], $6::text[]::timestamptz[])
"""


def dossiers(*rows):
    """Rows of organization, quality, phase, first and last day, as the columns of the table."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [*columns, ["2026-01-01"] * len(rows)]


@pytest.fixture
async def owner(database):
    """A connection as the owner."""
    connection = await asyncpg.connect(database.owner_dsn)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, 0, "2020-01-01", "infinity")],
        [(1, 1, 0, "2020-01-01", "2020-12-31"), (1, 1, 0, "2021-01-01", "infinity")],
        [(1, 1, 0, "2020-01-01", "infinity"), (1, 2, 0, "2020-01-01", "infinity")],
        [(1, 2, 0, "2020-01-01", "infinity"), (2, 1, 99, "2020-01-01", "2020-01-01")],
    ],
)
async def test_dossiers_that_share_no_day_are_kept(owner, rows):
    assert await owner.execute(PUT, *dossiers(*rows)) == "INSERT 0 1"


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, 0, "2020-01-02", "2020-01-01")],
        [(1, 1, 0, "2020-01-01", "2020-12-31"), (1, 1, 0, "2020-12-31", "infinity")],
        [(1, 1, 0, "2020-01-01", "infinity"), (1, 1, 5, "2020-01-01", "infinity")],
        [
            (1, 1, 0, "2020-01-01", "infinity"),
            (1, 1, 0, "2020-02-01", "2020-02-02"),
            (1, 1, 0, "2020-03-01", "2020-03-02"),
        ],
        [(1, 2, 0, "2020-01-01", "2020-12-31"), (1, 1, 0, "2020-01-01", "infinity")],
    ],
    ids=["ends before it begins", "share a day", "same day", "hidden behind", "out of order"],
)
async def test_dossiers_that_overlap_have_no_shape_in_the_database(owner, rows):
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(PUT, *dossiers(*rows))

    assert refused.value.constraint_name == "dossier_overlaps"


@pytest.mark.parametrize(
    "changed",
    [
        {1: [1, 2]},
        {2: [100]},
        {1: [1000]},
        {1: [-1]},
        {0: [None]},
        {3: [None]},
        {4: [None]},
        {5: [None]},
        {n: [] for n in range(6)},
    ],
)
async def test_half_a_dossier_has_no_shape_in_the_database(owner, changed):
    columns = dossiers((1, 1, 0, "2020-01-01", "infinity"))
    for place, column in changed.items():
        columns[place] = column

    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(PUT, *columns)


async def test_what_a_correction_replaces_is_kept_as_history(database, owner):
    async with pool(database.owner_dsn, name="test") as connections:
        shelf = PostgresShelf(connections)
        await PostgresStore(connections).keys_of([organization(CENTRE)])
        await shelf.register([registration(1), registration(1, 2, quality=2)])
        await shelf.register([registration(1, end="2021-12-31", phase=2)])
        await shelf.register([registration(1, end="2021-12-31", phase=2)])

    history = await owner.fetch("select * from superseded_dossier")

    assert [(row["ssin"], row["quality_code"], row["phase"]) for row in history] == [
        (PERSON.number, 1, 0)
    ]
    assert history[0]["superseded_at"] > history[0]["recorded_at"]


@pytest.mark.parametrize(
    "attempt",
    [
        "update organization set sector = 1, institution = 1",
        "delete from organization",
        "delete from person_dossiers",
        "insert into superseded_dossier select",
        "update superseded_dossier set phase = 1",
    ],
)
async def test_the_service_changes_neither_the_catalogue_nor_history_and_removes_nothing(
    database, attempt
):
    connection = await asyncpg.connect(database.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    finally:
        await connection.close()

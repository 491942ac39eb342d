"""Every statement on the hot path reaches the one part of the table where the person is.

What is read are PostgreSQL's own plans, as the service's role gets them, of the statements as they
are kept in `sql/`.
"""

import json
from datetime import UTC, date, datetime

import asyncpg
import pytest

from services.directory.store.reading import SQL
from tests.services.directory.examples import ANOTHER, PERSON, person

PARTS = 16


@pytest.fixture
async def serving(database):
    """A connection as the service, to a table with enough persons for its keys to matter."""
    owner = await asyncpg.connect(database.owner_dsn)
    await owner.execute(
        "insert into person_dossiers"
        " select *, '{1}', '{1}', '{0}', '{2020-01-01}', '{infinity}', '{2026-01-01}'"
        " from unnest($1::bigint[])",
        [number.number for number in {PERSON, ANOTHER, *map(person, range(20_000))}],
    )
    await owner.execute("analyze person_dossiers")
    await owner.close()
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


async def touched(connection, statement, *arguments):
    """How many times parts were scanned, and whether each time by their key.

    Prepared and then executed: only so does the mode of planning count. What is explained with its
    arguments bound is always planned for them.
    """
    await connection.execute("deallocate all")
    await connection.execute(f"prepare probe as {statement.rstrip().rstrip(';')}")
    given = ", ".join(map(literal, arguments))
    text = await connection.fetchval(f"explain (analyze, format json) execute probe({given})")
    scans = [node for node in nodes(json.loads(text)[0]["Plan"]) if parted(node)]
    run = [node for node in scans if node["Actual Loops"]]
    return sum(node["Actual Loops"] for node in run), {node["Node Type"] for node in run}


def literal(argument):
    """An argument as it stands in a statement, of a type that the statement gives it."""
    if isinstance(argument, list):
        return f"'{{{', '.join('null' if one is None else str(one) for one in argument)}}}'"
    return f"'{argument}'"


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def parted(node):
    of = node.get("Relation Name", "").startswith(("person_dossiers", "superseded_dossier"))
    return of and "Scan" in node["Node Type"]


async def test_one_person_is_looked_up_in_one_part(serving):
    scans, kinds = await touched(serving, SQL.list_dossiers_of_one, PERSON.number, [1])

    assert (scans, kinds) == (1, {"Index Scan"})


@pytest.mark.parametrize("how_many", [2, 16, 256, 1000])
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_each_person_of_a_batch_is_looked_up_in_one_part(serving, how_many, mode):
    await serving.execute(f"set plan_cache_mode = {mode}")
    asked = [person(n).number for n in range(how_many)]

    scans, kinds = await touched(serving, SQL.list_dossiers, asked, [1])

    assert (scans, kinds) == (how_many, {"Index Scan"})


async def test_the_table_has_as_many_parts_as_the_plans_could_have_reached(serving):
    parts = await serving.fetchval(
        "select count(*) from pg_inherits where inhparent = 'person_dossiers'::regclass"
    )

    assert parts == PARTS


MODES = pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])


@MODES
@pytest.mark.parametrize("how_many", [1, 64, 256])
async def test_each_person_to_be_changed_is_locked_in_one_part(serving, mode, how_many):
    await serving.execute(f"set plan_cache_mode = {mode}")
    asked = sorted(person(n).number for n in range(how_many))

    async with serving.transaction():
        scans, kinds = await touched(serving, SQL.lock_dossiers, asked)

    assert (scans, kinds) == (how_many, {"Index Scan"})


@MODES
async def test_a_person_is_changed_in_one_part(serving, mode):
    await serving.execute(f"set plan_cache_mode = {mode}")
    columns = [1], [1], [5], [date(2020, 1, 1)], [date.max], [None]

    async with serving.transaction():
        scans, kinds = await touched(serving, SQL.change_person, PERSON.number, *columns)

    assert (scans, kinds) == (1, {"Index Scan"})


@MODES
@pytest.mark.parametrize("how_many", [1, 256])
async def test_what_was_known_of_a_person_is_read_in_one_part_of_either_table(
    serving, mode, how_many
):
    await serving.execute(f"set plan_cache_mode = {mode}")
    # There is no history yet: PostgreSQL would rather read an empty part than its empty key.
    await serving.execute("set enable_seqscan = off")
    await serving.execute("set enable_bitmapscan = off")

    asked, known_at = [person(n).number for n in range(how_many)], datetime(2026, 6, 1, tzinfo=UTC)

    scans, kinds = await touched(serving, SQL.list_known_dossiers, asked, [1], known_at)

    assert (scans, kinds) == (2 * how_many, {"Index Scan"})

"""A country's worth of persons: written by the sandbox, loaded in bulk, found afterwards."""

import csv
from itertools import islice

import asyncpg
import pytest

from sandbox import people
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import SsinKind, parse_ssin
from services.identification.load.country import FileRefused, load_country
from services.identification.model.searches import Phonetic
from services.identification.store.registers import PostgresRegisters
from services.identification.usecases.searching import by_sound
from services.kit.postgres import pool

MANY = 3_000


@pytest.fixture
async def database(postgres):
    return await postgres.migrated("identification")


@pytest.fixture
async def loaded(database, tmp_path):
    """Loads a file, after another has perhaps changed it."""

    async def load(change=None, many=MANY):
        path = tmp_path / "people.csv"
        people.write(path, people.people(many), lambda _: None)
        if change is not None:
            rows = list(csv.reader(path.read_text().splitlines()))
            change(rows)
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
        connection = await asyncpg.connect(database.owner_dsn)
        try:
            return await load_country(connection, path, lambda *_: None)
        finally:
            await connection.close()

    return load


def test_the_same_seed_gives_the_same_people_each_with_a_number_of_their_own():
    first, again = (list(people.people(MANY, seed=7)) for _ in range(2))

    assert first == again
    assert len({one.ssin for one in first}) == len(first) == MANY
    for one in first:
        ssin = parse_ssin(one.ssin)
        assert ssin.kind is SsinKind.MOCK
        assert ssin.century == one.birth[0] // 100
        assert ssin.birth == IncompleteDate(*one.birth)
        assert ssin.sex.value == one.sex


def test_names_have_a_head_and_a_long_tail():
    names = [one.last_name for one in people.people(50_000)]

    assert 0.001 < names.count("Peeters") / len(names) < 0.005
    assert len(set(names)) > 5_000
    assert {one.language for one in islice(people.people(5_000), 5_000)} >= {"nl", "fr", "other"}


async def test_everybody_who_was_loaded_is_found(loaded, database):
    assert await loaded() == MANY

    async with pool(database.dsn, name="identification") as connections:
        registers = PostgresRegisters(connections)
        for one in islice(people.people(MANY), 0, None, 100):
            tolerance = 10 if one.birth[2] else 0
            birth = IncompleteDate(*one.birth)
            asked = Phonetic(one.last_name, one.first_names[0], "", birth, tolerance, None)
            found = await by_sound(registers, asked, 80)
            assert one.ssin in {c.identity.ssin.digits for c in found.candidates}


async def test_loads_into_an_empty_register_only(loaded):
    await loaded(many=10)

    with pytest.raises(FileRefused, match="there are persons already"):
        await loaded(many=10)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        (0, "71713000319", "line 3: ssin"),
        (1, "", "line 3: a field"),
        (1, "1234", "line 3: a field"),
        (1, "x" * 49, "line 3: a field"),
        (2, 'a"b', "line 3: a field"),
        (2, "a|b|c|d", "line 3: a field"),
        (3, "1982", "line 3: birth_date"),
        (4, "3", "line 3: a field"),
        (5, "POPULATION", "line 3: a field"),
    ],
)
async def test_refuses_the_whole_with_the_line(loaded, database, column, text, said):
    def change(rows):
        rows[2][column] = text

    with pytest.raises(FileRefused, match=said):
        await loaded(change, many=10)

    async with pool(database.dsn, name="identification") as connections:
        assert await connections.fetchval("select count(*) from identity") == 0


async def test_refuses_a_number_that_stands_twice(loaded):
    def change(rows):
        rows.append(rows[1])

    with pytest.raises(FileRefused, match="stands twice"):
        await loaded(change, many=10)


async def test_refuses_another_heading(loaded):
    def change(rows):
        rows[0][0] = "number"

    with pytest.raises(FileRefused, match="heading"):
        await loaded(change, many=10)

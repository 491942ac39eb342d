"""One suite for the store in memory and the one in PostgreSQL, and what loading guarantees."""

import itertools

import asyncpg
import pytest

from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin, check_digits
from services.identification.model.numbers import LONGEST_CHAIN, Person
from services.identification.store.loading import PostgresShelf
from services.identification.store.numbers import PostgresStore
from services.kit.postgres import pool
from tests.services.identification.examples import (
    GEORGES,
    JAN,
    MARC,
    NOBODY,
    PERSONS,
    SAM,
    SAM_BEFORE,
    FakeStore,
)


async def migrated(postgres):
    return await postgres.migrated("identification")


@pytest.fixture(params=["fake", "postgres"])
async def store(request):
    """A store that holds the example persons."""
    if request.param == "fake":
        yield FakeStore()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.owner_dsn, name="load") as owner:
        await PostgresShelf(owner).store(PERSONS)
    async with pool(database.dsn, name="identification") as connections:
        yield PostgresStore(connections)


@pytest.fixture
async def shelf(postgres):
    database = await migrated(postgres)
    async with pool(database.owner_dsn, name="load") as owner:
        yield PostgresShelf(owner)


def mock(sequence):
    nine = 996000000 + sequence
    return Ssin(nine * 100 + check_digits(nine, 19))


def chained(length):
    numbers = [mock(n) for n in range(length + 1)]
    replaced = [
        Person(old, SsinState.REPLACED, replaced_by=new) for old, new in itertools.pairwise(numbers)
    ]
    return [*replaced, Person(numbers[-1], SsinState.ACTIVE)]


async def test_finds_each_number_with_the_end_of_its_chain(store):
    ends = await store.ends_of({MARC, SAM_BEFORE, SAM, GEORGES, JAN, NOBODY})

    by_number = {person.ssin: person for person in PERSONS}
    assert ends == {
        MARC: by_number[MARC],
        SAM_BEFORE: by_number[SAM],
        SAM: by_number[SAM],
        GEORGES: by_number[GEORGES],
        JAN: by_number[JAN],
    }


async def test_asks_nothing_about_nobody(store):
    assert await store.ends_of(set()) == {}


async def test_follows_a_chain_as_long_as_allowed(shelf):
    chain = chained(LONGEST_CHAIN)

    stored = await shelf.store(chain)
    ends = await PostgresStore(shelf.pool).ends_of({chain[0].ssin})

    assert not stored.astray
    assert ends == {chain[0].ssin: chain[-1]}


async def test_loading_again_changes_nothing(shelf):
    first = await shelf.store(PERSONS)
    again = await shelf.store(PERSONS)

    assert (first.changed, again.changed) == (len(PERSONS), 0)


@pytest.mark.parametrize(
    ("persons", "astray"),
    [
        (chained(LONGEST_CHAIN + 2)[:], [1, 2]),
        (
            [
                Person(SAM, SsinState.REPLACED, replaced_by=SAM_BEFORE),
                Person(SAM_BEFORE, SsinState.REPLACED, replaced_by=SAM),
            ],
            [1, 2],
        ),
        ([Person(SAM, SsinState.REPLACED, replaced_by=NOBODY)], [1]),
    ],
)
async def test_refuses_the_whole_when_replacements_lead_nowhere(shelf, persons, astray):
    stored = await shelf.store(persons)

    assert stored.astray == astray
    assert await PostgresStore(shelf.pool).ends_of({persons[0].ssin}) == {}


@pytest.mark.parametrize(
    "attempt",
    ["delete from person", "update person set ssin = 3", "delete from replacement"],
)
async def test_the_service_cannot_delete_nor_change_a_number(postgres, attempt):
    database = await migrated(postgres)
    connection = await asyncpg.connect(database.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    finally:
        await connection.close()

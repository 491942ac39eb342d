"""One suite for the store in memory and the one in PostgreSQL, and what feeding guarantees."""

import json
from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest

from services.buffer.model import Fed, FedFact, FeedKey, Membership, Replacement, Silence, Whole
from services.buffer.store.facts import SQL, PostgresShelf, PostgresStore
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.kit.postgres import pool
from tests.services.buffer.examples import (
    AS_OF,
    FED,
    FUNDS,
    MARC,
    NOBODY,
    TODAY,
    WELFARE,
    FakeStore,
    fact,
)

YESTERDAY = TODAY - timedelta(days=1)


async def migrated(postgres):
    return await postgres.migrated("buffer")


@pytest.fixture(params=["fake", "postgres"])
async def store(request):
    """A store that holds the example facts, one of which has expired."""
    if request.param == "fake":
        yield FakeStore(*FED)
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.owner_dsn, name="feed") as owner:
        await PostgresShelf(owner).feed(Fed(FED), YESTERDAY)
    async with pool(database.dsn, name="buffer") as connections:
        yield PostgresStore(connections)


@pytest.fixture
async def shelf(postgres):
    database = await migrated(postgres)
    async with pool(database.owner_dsn, name="feed") as owner:
        yield PostgresShelf(owner)


async def test_finds_the_facts_that_have_not_expired(store):
    found = await store.facts_of({MARC, NOBODY}, TODAY)

    assert {person: set(facts) for person, facts in found.items()} == {
        MARC: {FED[0].fact, FED[1].fact}
    }


async def test_finds_on_request_what_has_expired_and_is_still_there(store):
    found = await store.facts_of({MARC}, date.min)

    assert set(found[MARC]) == {one.fact for one in FED}


async def test_lists_feeds_with_how_fresh_and_how_many(store):
    feeds = await store.feeds(None, 10, TODAY)

    assert [(feed.key, feed.as_of, feed.facts) for feed in feeds] == [
        (FeedKey(FUNDS, "BIM_HOLDER"), AS_OF, 1),
        (FeedKey(WELFARE, "RIS"), AS_OF, 1),
    ]
    assert await store.feeds(feeds[0].key, 10, TODAY) == feeds[1:]
    assert await store.feeds(None, 1, TODAY) == feeds[:1]


async def test_feeding_again_changes_nothing(shelf):
    assert await shelf.feed(Fed(FED), YESTERDAY) == (3, 0)
    assert await shelf.feed(Fed(FED), YESTERDAY) == (0, 0)


async def test_what_has_expired_is_deleted(shelf):
    await shelf.feed(Fed(FED), YESTERDAY)

    assert await shelf.feed(Fed(), TODAY) == (0, 1)


async def test_an_older_view_does_not_undo_a_newer_one(shelf):
    newer = replace(fact(end="2026-06-30"), as_of=AS_OF + timedelta(days=1))
    await shelf.feed(Fed([FedFact(MARC, newer)]), TODAY)
    await shelf.feed(Fed([FedFact(MARC, fact())]), TODAY)

    found = await PostgresStore(shelf.pool).facts_of({MARC}, TODAY)

    assert found == {MARC: [newer]}


async def test_a_newer_view_may_change_category_and_decision_or_say_nothing_of_them(shelf):
    views = [
        {"value": 2, "decided_on": date(2024, 1, 29)},
        {"value": 3, "decided_on": date(2024, 2, 5)},
        {},
    ]
    for at, said in enumerate(views):
        seen = fact("RIS", supplier=WELFARE, as_of=AS_OF + timedelta(days=at), **said)
        await shelf.feed(Fed([FedFact(MARC, seen)]), TODAY)

        assert await PostgresStore(shelf.pool).facts_of({MARC}, TODAY) == {MARC: [seen]}


async def test_how_fresh_feeds_are_is_told_without_reading_the_facts(shelf):
    many = [FedFact(Ssin(n), fact()) for n in range(1, 20_001)]
    await shelf.feed(Fed(many), TODAY)
    await shelf.pool.execute("vacuum analyze fact, feed")

    feeds = await PostgresStore(shelf.pool).feeds(None, 10, TODAY)
    (plan,) = json.loads(
        await shelf.pool.fetchval(
            f"explain (analyze, buffers, format json) {SQL.list_feeds}", -1, -1, "", 10, TODAY
        )
    )

    assert [feed.facts for feed in feeds] == [20_000]
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 10


async def test_the_service_cannot_define_or_empty_its_tables(postgres):
    database = await migrated(postgres)
    connection = await asyncpg.connect(database.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("truncate fact")
    finally:
        await connection.close()


HOME, HOUSEHOLD = "SAME_DOMICILE", 7
REGISTER = SectorInstitution(0, 0)


def lives(person, begin, end=None, household=HOUSEHOLD, position=1, as_of=AS_OF, scope=HOME):
    days = Period(date.fromisoformat(begin), None if end is None else date.fromisoformat(end))
    return Membership(person, scope, household, position, days, REGISTER, as_of, date(2027, 12, 31))


@pytest.fixture
async def near(postgres):
    """What feeds, and what reads what was fed."""
    database = await migrated(postgres)
    async with (
        pool(database.owner_dsn, name="feed") as owner,
        pool(database.dsn, name="buffer") as connections,
    ):
        yield PostgresShelf(owner), PostgresStore(connections)


async def test_a_neighbour_is_told_with_his_facts_and_the_household_that_is_shared(near):
    shelf, store = near
    elsewhere = lives(NOBODY, "2019-01-01", "2019-12-31", household=9)
    fed = Fed(
        [FedFact(NOBODY, fact("IGO", supplier=SectorInstitution(5, 0)))],
        [lives(MARC, "2020-01-01"), lives(NOBODY, "2020-01-01", position=3), elsewhere],
    )
    await shelf.feed(fed, TODAY)

    found = await store.neighbourhoods({MARC}, TODAY)

    assert set(found.memberships) == {MARC, NOBODY}
    assert [one.household for one in found.memberships[NOBODY]] == [HOUSEHOLD]
    assert [one.fact_type for one in found.facts[NOBODY]] == ["IGO"]


async def test_who_is_in_a_collective_household_shares_it_with_nobody(near):
    shelf, store = near
    homes = [lives(MARC, "2020-01-01", position=20), lives(NOBODY, "2020-01-01", position=20)]
    await shelf.feed(Fed(memberships=homes), TODAY)

    found = await store.neighbourhoods({MARC}, TODAY)

    assert set(found.memberships) == {MARC}


async def test_who_moved_is_in_one_household_a_day(near):
    shelf, store = near
    await shelf.feed(Fed(memberships=[lives(MARC, "2020-01-01")]), TODAY)
    later = AS_OF + timedelta(days=1)
    moved = lives(MARC, "2026-05-10", household=8, as_of=later)
    await shelf.feed(Fed(memberships=[moved]), TODAY)

    (found,) = (await store.neighbourhoods({MARC}, TODAY)).memberships.values()

    days = {(one.household, one.period.begin, one.period.end) for one in found}
    assert days == {
        (HOUSEHOLD, date(2020, 1, 1), date(2026, 5, 9)),
        (8, date(2026, 5, 10), None),
    }


async def test_a_source_that_could_not_say_could_once_it_says_something(near):
    shelf, store = near
    await shelf.feed(
        Fed(silences=[Silence(MARC, FUNDS, AS_OF)], wholes=[Whole(FUNDS, AS_OF)]), TODAY
    )
    before = await store.neighbourhoods({MARC}, TODAY)
    said = fact(as_of=AS_OF + timedelta(hours=1))
    await shelf.feed(Fed([FedFact(MARC, said)]), TODAY)
    after = await store.neighbourhoods({MARC}, TODAY)

    assert before.silent == {MARC: {FUNDS}}
    assert [one.supplier for one in before.wholes] == [FUNDS]
    assert after.silent == {}


async def test_a_household_follows_the_number_of_its_person(near):
    shelf, store = near
    silent = [Silence(MARC, FUNDS, AS_OF)]
    await shelf.feed(Fed(memberships=[lives(MARC, "2020-01-01")], silences=silent), TODAY)

    await store.follow([Replacement(1, MARC, NOBODY)])

    found = await store.neighbourhoods({NOBODY}, TODAY)
    assert set(found.memberships) == {NOBODY}
    assert found.silent == {NOBODY: {FUNDS}}

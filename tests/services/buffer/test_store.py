"""One suite for the store in memory and the one in PostgreSQL, and what feeding guarantees."""

import json
from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest

from services.buffer.model import FedFact, FeedKey
from services.buffer.store import SQL, PostgresShelf, PostgresStore
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
        await PostgresShelf(owner).feed(FED, YESTERDAY)
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
    assert await shelf.feed(FED, YESTERDAY) == (3, 0)
    assert await shelf.feed(FED, YESTERDAY) == (0, 0)


async def test_what_has_expired_is_deleted(shelf):
    await shelf.feed(FED, YESTERDAY)

    assert await shelf.feed([], TODAY) == (0, 1)


async def test_an_older_view_does_not_undo_a_newer_one(shelf):
    newer = replace(fact(end="2026-06-30"), as_of=AS_OF + timedelta(days=1))
    await shelf.feed([FedFact(MARC, newer)], TODAY)
    await shelf.feed([FedFact(MARC, fact())], TODAY)

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
        await shelf.feed([FedFact(MARC, seen)], TODAY)

        assert await PostgresStore(shelf.pool).facts_of({MARC}, TODAY) == {MARC: [seen]}


async def test_how_fresh_feeds_are_is_told_without_reading_the_facts(shelf):
    many = [FedFact(Ssin(n), fact()) for n in range(1, 20_001)]
    await shelf.feed(many, TODAY)
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

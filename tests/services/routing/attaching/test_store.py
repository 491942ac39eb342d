"""Which process each source is attached to, in PostgreSQL."""

import pytest

from services.kit.migrate import migrate
from services.kit.postgres import pool
from services.routing.attaching.store import PostgresPresence
from tests.services.routing.examples import FIRST, SECOND


@pytest.fixture
async def presences(postgres):
    """Two processes on one database, and a way to let time pass."""
    database = await postgres.database("routing")
    await migrate(database.owner_dsn, "services.routing")
    async with pool(database.dsn, name="attach", most=4) as connections:
        here, there = (PostgresPresence(connections, address) for address in ("a:1", "b:1"))

        async def pass_seconds(seconds):
            await connections.execute(
                "update attachment set seen_at = seen_at - make_interval(secs => $1)", seconds
            )

        yield here, there, pass_seconds


async def test_a_source_is_found_at_every_other_process(presences):
    here, there, _ = presences
    await here.keep([FIRST, SECOND])
    await there.keep([FIRST])

    assert await here.elsewhere(FIRST) == ["b:1"]
    assert await there.elsewhere(FIRST) == ["a:1"]
    assert await here.elsewhere(SECOND) == []


async def test_a_source_that_left_is_not_found(presences):
    here, there, _ = presences
    await here.keep([FIRST, SECOND])

    await here.forget(FIRST)

    assert await there.elsewhere(FIRST) == []
    assert await there.elsewhere(SECOND) == ["a:1"]


async def test_what_a_process_says_no_more_is_worth_nothing_and_then_forgotten(presences):
    here, there, pass_seconds = presences
    await here.keep([FIRST])
    await pass_seconds(16)
    assert await there.elsewhere(FIRST) == []

    await here.keep([FIRST])
    assert await there.elsewhere(FIRST) == ["a:1"]
    assert await there.addresses() == {"a:1"}

    await pass_seconds(61)
    assert await there.addresses() == frozenset()

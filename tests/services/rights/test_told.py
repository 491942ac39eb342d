"""What granting bodies were told is kept on the person, no longer than it serves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.concepts.ssin import Ssin
from services.kit.postgres import pool
from services.rights.model.decision import Decision, Verdict
from services.rights.model.people import Question, Replacement
from services.rights.store import PostgresStore

WIDOW, NEW = Ssin(57631410249), Ssin(71713000318)
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
ASKED = Question(WIDOW, date(2026, 11, 28), ("WATER_DISCOUNT",), "0899990546")
GRANTED = Decision(
    "WATER_DISCOUNT",
    Verdict.GRANTED,
    date(2019, 1, 1),
    begins=date(2026, 1, 1),
    ends=date(2026, 12, 31),
)
REFUSED = Decision("WATER_DISCOUNT", Verdict.REFUSED, date(2019, 1, 1))
KEPT = "select ssin, verdict, begin_date, end_date, expires_on from told order by ssin, customer"


@pytest.fixture
async def connections(postgres):
    database = await postgres.migrated("rights")
    async with pool(database.dsn, name="rights") as opened:
        yield opened


async def test_the_last_that_was_told_stands(connections):
    first = PostgresStore(connections, lambda: NOW)
    later = PostgresStore(connections, lambda: NOW + timedelta(hours=1))

    await later.tell({ASKED: [GRANTED]})
    await first.tell({ASKED: [REFUSED]})

    (row,) = await connections.fetch(KEPT)
    assert tuple(row) == (
        WIDOW.number,
        1,
        date(2026, 1, 1),
        date(2026, 12, 31),
        date(2027, 12, 31),
    )


async def test_each_body_is_told_its_own(connections):
    store = PostgresStore(connections, lambda: NOW)

    await store.tell({ASKED: [GRANTED], replace(ASKED, customer="17.1"): [REFUSED]})

    assert [row["verdict"] for row in await connections.fetch(KEPT)] == [1, 2]


async def test_what_serves_no_more_is_purged(connections):
    store = PostgresStore(connections, lambda: NOW)
    await store.tell({ASKED: [GRANTED]})

    assert await store.purge(date(2027, 12, 31)) == 0
    assert await store.purge(date(2028, 1, 1)) == 1
    assert await connections.fetch(KEPT) == []


async def test_what_was_told_follows_the_number_of_the_person_once(connections):
    store = PostgresStore(connections, lambda: NOW)
    await store.tell({ASKED: [GRANTED]})
    replaced = Replacement(7, WIDOW, NEW)

    assert await store.follow([replaced]) == 7
    assert await store.follow([replaced]) == 7

    assert [row["ssin"] for row in await connections.fetch(KEPT)] == [NEW.number]
    assert await store.find_followed() == 7

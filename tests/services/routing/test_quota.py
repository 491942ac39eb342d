"""The volume of an hour: a quota that stops, and an expectation that alarms once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from services.concepts.legal_context import LegalContext
from services.routing.quota import RedisQuota, redis_at
from tests.services.routing import examples as ex

CONTEXT = LegalContext("PCSW:EXAMPLE")


class Clock:
    now = datetime(2026, 3, 31, 12, 59, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quota(clock):
    return RedisQuota(None, patience=timedelta(seconds=1), now=clock)


async def spent(quota, times, hourly, expected):
    with capture_logs() as logs:
        within = [await quota.spend(ex.CENTRE, CONTEXT, hourly, expected) for _ in range(times)]
    return within, [one for one in logs if one["log_level"] == "warning"]


async def test_a_quota_stops_what_is_above_it_until_the_next_hour(quota, clock):
    assert (await spent(quota, 4, 3, 0))[0] == [True, True, True, False]
    clock.now += timedelta(minutes=1)
    assert (await spent(quota, 1, 3, 0))[0] == [True]


async def test_more_than_expected_raises_one_alarm_an_hour_and_stops_nothing(quota, clock):
    within, alarms = await spent(quota, 5, 0, 2)
    assert within == [True] * 5
    assert [one["event"] for one in alarms] == ["volume above what the deliberation expects"]
    assert alarms[0]["legal_context"] == CONTEXT

    clock.now += timedelta(minutes=1)
    assert (await spent(quota, 2, 0, 2))[1] == []
    assert len((await spent(quota, 1, 0, 2))[1]) == 1


async def test_nothing_is_expected_where_nothing_is_told(quota):
    within, alarms = await spent(quota, 3, 0, 0)

    assert (within, alarms) == ([True] * 3, [])


@pytest.fixture
async def counting(redis, clock):
    """Counts in a server, for a customer and a purpose that no other test has."""
    async with redis_at(redis) as server:
        quota = RedisQuota(server, patience=timedelta(minutes=1), now=clock)
        batch, purpose = str(uuid4()), LegalContext(f"PCSW:{uuid4().hex}")

        async def spend(*places, hourly=0, expected=0, of=batch):
            return await quota.spend_once(of, places, ex.CENTRE, purpose, hourly, expected)

        yield spend


async def test_each_place_of_a_batch_counts_once_however_it_is_tried_again(counting):
    assert await counting(0, 1, 2, 3, hourly=5)
    assert await counting(0, 1, hourly=5)
    assert await counting(2, 3, 4, hourly=5)
    assert await counting(4, hourly=5)
    assert not await counting(5, hourly=5)


async def test_of_what_is_more_than_an_hour_allows_nothing_is_counted(counting, clock):
    assert await counting(0, 1, hourly=3)
    assert not await counting(1, 2, 3, hourly=3)
    assert await counting(2, hourly=3)

    clock.now += timedelta(minutes=1)
    assert await counting(3, 4, 5, hourly=3)


async def test_batches_count_beside_each_other(counting):
    assert await counting(0, 1, hourly=3)
    assert not await counting(0, 1, hourly=3, of=str(uuid4()))


async def test_more_than_expected_in_a_batch_raises_one_alarm(counting):
    with capture_logs() as logs:
        for place in range(4):
            await counting(place, place + 10, expected=3)

    assert [one["event"] for one in logs] == ["volume above what the deliberation expects"]

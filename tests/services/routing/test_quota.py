"""The volume of an hour: a quota that stops, and an expectation that alarms once."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from services.concepts.legal_context import LegalContext
from services.routing.quota import RedisQuota
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

"""The alarm is about a log that stands still, not about one that had nothing to do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.audit.errors import LogStandsStill
from services.audit.log.signed_log import SignedLog
from services.audit.log.standstill import Standstill, Watch
from tests.services.audit.logs import real_entry


def test_a_log_that_keeps_up_or_has_nothing_to_take_does_not_stand():
    seen = Standstill()

    assert [seen.seen(None, 0), seen.seen(7, 3600), seen.seen(8, 3601), seen.seen(None, 3602)] == [
        0,
        0,
        0,
        0,
    ]


def test_a_log_that_takes_nothing_stands_since_it_was_first_seen():
    seen = Standstill()

    assert [seen.seen(7, 100), seen.seen(7, 103), seen.seen(7, 106)] == [0, 3, 6]
    assert seen.seen(8, 107) == 0


MINUTE = 60.0


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watched(running, clock):
    """A trail that records only while somebody signs, and who watches over that."""
    log = SignedLog(running.storage, running.signer.verifier)
    watch = Watch(running.trail.places, log, timedelta(seconds=5 * MINUTE), clock)
    return replace(running.trail, check_open=watch.check), watch


async def test_recording_ends_when_nobody_signs_for_minutes_and_goes_on_when_somebody_does(
    running, watched, clock
):
    trail, watch = watched
    await trail.record([real_entry()])
    assert await watch.look() == 0
    clock.now += 5 * MINUTE
    await watch.look()
    await trail.record([real_entry()])
    assert watch.is_open()

    clock.now += MINUTE + 1
    with capture_logs() as logged:
        await watch.look()

    assert not watch.is_open()
    assert {one["event"] for one in logged} == {"recording closed", "the log does not grow"}
    with pytest.raises(LogStandsStill):
        await trail.record([real_entry()])

    await running.grow()
    with capture_logs() as logged:
        await watch.look()

    assert [one["event"] for one in logged] == ["recording open again"]
    await trail.record([real_entry()])


async def test_a_tree_that_grows_without_being_signed_stands(running, watched, clock):
    trail, watch = watched
    await running.record(1)
    await running.grow()
    signed = (running.folder / "checkpoint").read_text()
    for _ in range(3):
        await running.record(1)
        await running.grow()
        (running.folder / "checkpoint").write_text(signed)

    await watch.look()
    clock.now += 6 * MINUTE
    await watch.look()

    with pytest.raises(LogStandsStill):
        await trail.record([real_entry()])


async def test_the_same_standstill_is_logged_once_a_minute(running, watched, clock):
    trail, watch = watched
    await trail.record([real_entry()])
    with capture_logs() as logged:
        for _ in range(120):
            await watch.look()
            clock.now += 1

    assert [one["event"] for one in logged] == ["the log does not grow"] * 2

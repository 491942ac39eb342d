"""What another service owns, kept for a bounded time."""

from datetime import timedelta

import pytest

from services.kit.errors import PeerUnavailable, ReferenceStale
from services.kit.snapshots import Snapshots


class Owner:
    """Has something, tells it to who does not have it, and can be away."""

    def __init__(self):
        self.held, self.away, self.told = "first", False, []

    async def __call__(self, digest):
        if self.away:
            raise PeerUnavailable
        now = self.held.encode()
        self.told.append(digest != now)
        return now, None if digest == now else self.held


class Clock:
    seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def owner():
    return Owner()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def kept(owner, clock):
    return Snapshots(owner, trusted=timedelta(seconds=45), timer=clock)


async def test_nothing_is_given_before_it_was_read(kept):
    assert not kept.fresh()
    with pytest.raises(ReferenceStale):
        kept.current()


async def test_it_travels_only_when_it_changed(kept, owner):
    for _ in range(3):
        await kept.refresh()
    owner.held = "second"
    await kept.refresh()

    assert owner.told == [True, False, False, True]
    assert kept.current() == "second"


async def test_what_was_not_verified_for_too_long_is_not_decided_on(kept, owner, clock):
    await kept.refresh()
    owner.away = True
    with pytest.raises(PeerUnavailable):
        await kept.refresh()

    clock.seconds += 45
    assert kept.current() == "first"
    clock.seconds += 0.1
    with pytest.raises(ReferenceStale):
        kept.current()

    owner.away = False
    await kept.refresh()
    assert kept.current() == "first"


async def test_what_is_withdrawn_ends_within_a_minute():
    from services.kit import snapshots

    assert timedelta(minutes=1) > snapshots.TRUSTED + 2 * snapshots.EVERY

"""Decisions are taken on what was verified recently, and on nothing else."""

from datetime import timedelta

import pytest

from services.access.errors import SnapshotStale
from services.access.model import Granted, Refused, Standing
from services.access.usecases import Access
from services.kit.errors import StoreUnavailable
from tests.support.deliberations import NOON, TODAY, FakeStore, deliberation, question

MAXIMUM_AGE = timedelta(seconds=60)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


class Fickle(FakeStore):
    """A store that can be away."""

    away = False

    async def revision(self):
        if self.away:
            raise StoreUnavailable
        return await super().revision()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store():
    return Fickle()


@pytest.fixture
def access(store, clock):
    return Access(store, clock, maximum_age=MAXIMUM_AGE, interval=timedelta(seconds=5))


async def decision(access):
    return (await access.check_access([question()], TODAY)).decisions[0]


async def test_decides_nothing_before_the_deliberations_were_read(access):
    with pytest.raises(SnapshotStale):
        await decision(access)
    assert not access.ready()


async def test_decides_on_what_was_read(access, store):
    await store.enact([deliberation()])
    await access.refresh()

    assert isinstance(await decision(access), Granted)
    assert access.ready()


async def test_a_suspension_counts_from_the_next_look_on(access, store):
    await store.enact([deliberation()])
    await access.refresh()
    before = (await access.check_access([question()], TODAY)).snapshot_version
    await store.enact([deliberation(status=Standing.SUSPENDED.value)])
    await access.refresh()

    assert isinstance(await decision(access), Refused)
    assert (await access.check_access([question()], TODAY)).snapshot_version != before


async def test_keeps_deciding_without_its_store_but_not_for_long(access, store, clock):
    await store.enact([deliberation()])
    await access.refresh()
    store.away = True
    with pytest.raises(StoreUnavailable):
        await access.refresh()

    clock.now += MAXIMUM_AGE
    assert isinstance(await decision(access), Granted)
    clock.now += timedelta(seconds=1)
    with pytest.raises(SnapshotStale):
        await decision(access)


async def test_decisions_stand_in_the_order_of_the_questions(access, store):
    await store.enact([deliberation()])
    await access.refresh()
    asked = [question(context="PCSW:NOTHING"), question(), question(contract="NOTHING")]

    decided = (await access.check_access(asked, TODAY)).decisions

    assert [isinstance(one, Granted) for one in decided] == [False, True, False]

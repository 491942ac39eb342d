"""Decisions are taken on what was verified recently, and on nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.access.errors import ClocksDiffer, SnapshotStale
from services.access.model import ActVersion, Granted, Mode, Refused, Request, Standing
from services.access.usecases import Access, Today
from services.kit.errors import StoreUnavailable
from tests.support.deliberations import (
    NOON,
    ON_TODAY,
    TODAY,
    FakeStore,
    deliberation,
    question,
)

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


class Form:
    """Questions and decisions travel as numbers of a list here."""

    def __init__(self, *questions):
        self.questions = questions
        self.decisions = []

    def question(self, content, field):
        return self.questions[content[0]]

    def decision(self, decision):
        self.decisions.append(decision)
        return bytes([len(self.decisions) - 1])


def decided(access, *questions):
    form = Form(*questions)
    found, _ = access.check_access([bytes([at]) for at in range(len(questions))], ON_TODAY, form)
    return [form.decisions[one[0]] for one in found]


async def decision(access):
    access.current().remembered.clear()
    return decided(access, question())[0]


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
    form = Form(question())
    _, before = access.check_access([b"\0"], ON_TODAY, form)
    act = ActVersion(deliberation().number, 1)
    asking = Request(uuid4(), "", "one", "rpc")
    await store.move(asking, act, Standing.IN_FORCE, Standing.SUSPENDED, TODAY)
    await access.refresh()
    _, after = access.check_access([b"\0"], ON_TODAY, form)

    # The same bytes, the same day: what was remembered went with the set it was taken on.
    assert [type(one) for one in form.decisions] == [Granted, Refused]
    assert after != before


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

    assert [isinstance(one, Granted) for one in decided(access, *asked)] == [False, True, False]


async def test_counts_what_is_asked_until_it_is_fetched(access, store):
    await store.enact([deliberation()])
    await access.refresh()
    form = Form(question(), question())
    for asked in ([b"\0"], [b"\0", b"\1"]):
        access.check_access(asked, ON_TODAY, form)
    access.check_access([b"\1", b"\0"], ON_TODAY, form, [7, 2])

    assert access.drain_asked() == {TODAY: {b"\0": 4, b"\1": 8}}
    assert access.drain_asked() == {}


async def test_what_is_remembered_is_bounded_and_still_right(access, store, monkeypatch):
    monkeypatch.setattr("services.access.usecases.decisions.MOST_REMEMBERED", 2)
    await store.enact([deliberation()])
    await access.refresh()
    asked = [question(), question(contract="NOTHING"), question(mode=Mode.PUSH), question()]

    for _ in range(2):
        found = decided(access, *asked)
        assert [isinstance(one, Granted) for one in found] == [True, False, False, True]
        access.current().remembered.clear()


TOMORROW = TODAY + timedelta(days=1)
AROUND_MIDNIGHT = frozenset({TODAY, TOMORROW})


@pytest.mark.parametrize(
    ("asked_on", "ours", "granted"),
    [
        (TOMORROW, Today(TODAY, AROUND_MIDNIGHT), True),
        (TOMORROW, Today(TOMORROW, AROUND_MIDNIGHT), True),
        (TODAY, Today(TOMORROW, AROUND_MIDNIGHT), False),
        (TODAY, Today(TODAY, AROUND_MIDNIGHT), False),
        (None, Today(TODAY, AROUND_MIDNIGHT), False),
        (None, Today(TOMORROW, AROUND_MIDNIGHT), True),
    ],
)
async def test_decides_on_the_day_that_travels_with_the_question(
    access, store, asked_on, ours, granted
):
    await store.enact([deliberation(valid_from=TOMORROW.isoformat())])
    await access.refresh()
    form = Form(replace(question(), day=asked_on))

    access.check_access([b"\0"], ours, form)

    assert isinstance(form.decisions[0], Granted) is granted


@pytest.mark.parametrize("days", [-2, -1, 1, 2, 400])
async def test_a_day_that_no_clock_within_the_tolerance_shows_is_not_decided_on(
    access, store, days
):
    await store.enact([deliberation()])
    await access.refresh()
    form = Form(replace(question(), day=TODAY + timedelta(days)))

    with pytest.raises(ClocksDiffer):
        access.check_access([b"\0"], ON_TODAY, form)


async def test_what_was_decided_before_midnight_is_decided_anew_after(access, store):
    await store.enact([deliberation(valid_until=TODAY.isoformat())])
    await access.refresh()
    form = Form(question())

    for ours in (Today(TODAY, AROUND_MIDNIGHT), Today(TOMORROW, AROUND_MIDNIGHT)):
        access.check_access([b"\0"], ours, form)

    assert [isinstance(one, Granted) for one in form.decisions] == [True, False]

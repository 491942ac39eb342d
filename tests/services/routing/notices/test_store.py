"""One suite for the store in memory and in PostgreSQL, and what concurrency cannot break."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from services.concepts.data_contract import ContractName
from services.concepts.organization import SectorInstitution
from services.kit.postgres import pool
from services.routing.errors import PublicationRaced
from services.routing.notices.model import Addressee, EventKind, NewEvent, NewNotice, Place
from services.routing.notices.store import PostgresStore, Seal
from tests.services.routing.examples import CENTRE, FIRST, MANAGER, NAME, PERSON
from tests.services.routing.notices.examples import (
    KEPT,
    NOW,
    SEAL,
    FakeStore,
    content,
    event,
    new_id,
)


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request):
    """An empty store."""
    if request.param == "fake":
        yield FakeStore()
        return
    database = await request.getfixturevalue("postgres").migrated("routing")
    async with pool(database.dsn, name="notices", most=4) as connections:
        yield PostgresStore(connections, SEAL)


def new(reference="r-1", step=1, *, to=(CENTRE,), expires_at=NOW + KEPT, **changes):
    """An event to keep, with a notice for each organization."""
    notices = tuple(NewNotice(new_id(), one, new_id()) for one in to)
    told = event(reference, **changes)
    return NewEvent(
        event_id=new_id(),
        source=FIRST,
        contract=NAME,
        event=told,
        step=step,
        digest=SEAL.digest(NAME, told),
        published_at=NOW,
        expires_at=expires_at,
        addressees=tuple(
            Addressee(one.subscriber, SectorInstitution(17, 1), "001", one.notice_id)
            for one in notices
        ),
        notices=notices,
    )


async def test_what_was_published_is_found_with_its_answer(store):
    one = new()
    await store.add([one])

    found = await store.published(FIRST, {"r-1", "r-2"})

    assert set(found) == {"r-1"}
    assert (found["r-1"].digest, found["r-1"].addressees) == (one.digest, one.addressees)
    assert await store.published(CENTRE, {"r-1"}) == {}


async def test_an_attestation_stands_at_its_last_step(store):
    await store.add([new(), new("s-1", 2, kind=EventKind.CANCEL, attestation="r-1")])

    course = (await store.courses(FIRST, {"r-1", "r-9"}))["r-1"]

    assert (course.step, course.kind, course.person) == (2, EventKind.CANCEL, PERSON)
    assert (course.contract, course.occurred_at) == (NAME, NOW)


async def test_what_waits_comes_in_order_with_its_content(store):
    await store.add([new("r-1"), new("r-2", payload=None)])
    await store.add([new("r-3", to=(CENTRE, MANAGER))])

    waiting = await store.waiting(CENTRE, 0, NOW, 10)

    assert [one.event.reference for one in waiting] == ["r-1", "r-2", "r-3"]
    assert [one.position for one in waiting] == [1, 2, 3]
    assert waiting[0].event == event("r-1")
    assert waiting[1].event.payload is None
    assert [one.position for one in await store.waiting(CENTRE, 1, NOW, 1)] == [2]
    assert [one.event.reference for one in await store.waiting(MANAGER, 0, NOW, 10)] == ["r-3"]


async def test_a_reference_is_used_once_and_nothing_of_the_call_is_kept(store):
    await store.add([new("r-1")])

    with pytest.raises(PublicationRaced):
        await store.add([new("r-2"), new("r-1")])
    with pytest.raises(PublicationRaced):
        await store.add([new("s-1", 1, attestation="r-1")])
    assert set(await store.published(FIRST, {"r-1", "r-2", "s-1"})) == {"r-1"}


async def test_acknowledged_and_withdrawn_notices_do_not_wait(store):
    first, second, third = new("r-1"), new("r-2"), new("r-3")
    await store.add([first, second, third])

    ids = {first.notices[0].notice_id, UUID(int=0)}
    assert await store.acknowledge(MANAGER, ids) == 0
    assert await store.acknowledge(CENTRE, ids) == 1
    assert await store.acknowledge(CENTRE, ids) == 0
    await store.withdraw(CENTRE, {2})

    assert [one.position for one in await store.waiting(CENTRE, 0, NOW, 10)] == [3]
    assert await store.count_waiting(CENTRE, 2, 10) == 0
    assert await store.count_waiting(CENTRE, 3, 10) == 1


async def test_what_waits_is_counted_no_further_than_the_bound(store):
    await store.add([new(f"r-{n}") for n in range(5)])

    assert await store.count_waiting(CENTRE, 5, 3) == 3
    assert (await store.count_halted(5), await store.count_halted(6)) == (1, 0)


async def test_expired_notices_are_counted_and_the_place_is_kept(store):
    soon = NOW + timedelta(hours=1)
    await store.add([new("r-1", expires_at=soon), new("r-2", expires_at=soon), new("r-3")])

    assert await store.waiting(CENTRE, 0, soon, 10) != []
    assert await store.expire(soon, 10) == {CENTRE: 2}
    assert await store.expire(soon, 10) == {}
    assert await store.place(CENTRE) == Place(3, expired_through=2, expired_count=2)
    assert await store.place(MANAGER) == Place()


@pytest.fixture
async def kept(postgres):
    """The store in PostgreSQL, and its connections."""
    database = await postgres.migrated("routing")
    async with pool(database.dsn, name="notices", most=8) as connections:
        yield PostgresStore(connections, SEAL), connections


async def test_positions_become_visible_in_their_order(kept):
    store, _ = kept
    seen, done = [], asyncio.Event()

    async def follow():
        last = 0
        while not (done.is_set() and last == 200):
            for one in await store.waiting(CENTRE, last, NOW, 50):
                assert one.position == last + 1
                last = one.position
                seen.append(one.event.reference)

    following = asyncio.create_task(follow())
    adding = [store.add([new(f"{call}-{n}") for n in range(10)]) for call in range(20)]
    await asyncio.gather(*adding)
    done.set()
    await following

    assert len(set(seen)) == 200
    for call in range(20):
        assert [one for one in seen if one.startswith(f"{call}-")] == [
            f"{call}-{n}" for n in range(10)
        ]


async def test_of_two_that_go_on_with_one_attestation_one_loses(kept):
    store, _ = kept
    await store.add([new("r-1")])
    steps = [new(f"s-{n}", 2, kind=EventKind.CANCEL, attestation="r-1") for n in range(4)]

    ended = await asyncio.gather(*(store.add([one]) for one in steps), return_exceptions=True)

    assert [type(one) for one in ended if one is not None] == [PublicationRaced] * 3


async def test_a_commit_whose_answer_was_lost_is_no_race(kept):
    store, _ = kept
    one = new("r-1")
    await store.add([one])

    await store.add([one])

    assert len(await store.waiting(CENTRE, 0, NOW, 10)) == 1


async def test_content_rests_sealed_and_goes_with_the_last_that_waits(kept):
    store, connections = kept
    one = new("r-1", to=(CENTRE, MANAGER), payload=content("a very recognizable text"))
    await store.add([one])

    (sealed,) = await connections.fetch("select sealed, event_id from event_content")
    assert b"recognizable" not in sealed["sealed"]
    with pytest.raises(InvalidTag):
        Seal(b"t" * 32).open(sealed["sealed"], one.event_id)
    with pytest.raises(InvalidTag):
        SEAL.open(sealed["sealed"], new_id())

    await store.acknowledge(CENTRE, {one.notices[0].notice_id})
    assert await store.purge(NOW, 10) == 0
    await store.acknowledge(MANAGER, {one.notices[1].notice_id})
    assert await store.purge(NOW, 10) == 1
    assert await store.purge(NOW + timedelta(1), 10) == 1
    assert await store.published(FIRST, {"r-1"}) == {}


async def test_the_service_may_not_change_what_was_published(kept):
    store, connections = kept
    await store.add([new("r-1")])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connections.execute("update published_event set digest = '\\x00'")


def test_every_part_of_an_event_is_in_its_digest():
    one = event()
    others = [
        replace(one, kind=EventKind.CHANGE),
        replace(one, attestation="r-0"),
        replace(one, event_type=""),
        replace(one, occurred_at=NOW + timedelta(microseconds=1)),
        replace(one, payload=None),
        replace(one, payload=content("x")),
    ]
    digests = {SEAL.digest(NAME, each) for each in (one, *others)}
    digests.add(SEAL.digest(ContractName("EXAMPLE", 2), one))

    assert len(digests) == len(others) + 2
    assert SEAL.digest(NAME, event()) in digests

"""Nothing is kept beyond its time, nor on whom no right can concern; and whoever looks sees it."""

from datetime import date, timedelta

import pytest
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc

from services.buffer import purging as purging_module
from services.buffer.definitions import base_kinds
from services.buffer.model import Fed, FedFact, Looked, Membership
from services.buffer.purging import BEYOND, Purging
from services.buffer.store.facts import PostgresShelf, PostgresStore
from services.buffer.store.keeping import PostgresKeeping
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.kit.errors import PeerFailed
from services.kit.postgres import pool
from tests.services.buffer.examples import AS_OF, MARC, NOBODY, TODAY, fact

REGISTER, PENSIONS = SectorInstitution(0, 0), SectorInstitution(5, 0)
NEIGHBOUR, PRISONER = Ssin(89672220419), Ssin(57631410249)


def lives(person, household, position=1):
    days, until = Period(date(2020, 1, 1)), date(2027, 12, 31)
    return Membership(person, "SAME_DOMICILE", household, position, days, REGISTER, AS_OF, until)


def born(person, **others):
    return FedFact(person, fact("BIRTH_DATE", supplier=REGISTER, value=19570314, **others))


@pytest.fixture
async def kept(postgres):
    """What feeds, what reads and what forgets."""
    database = await postgres.migrated("buffer")
    async with (
        pool(database.owner_dsn, name="feed") as owner,
        pool(database.dsn, name="buffer") as connections,
    ):
        yield PostgresShelf(owner), PostgresStore(connections), PostgresKeeping(connections)


def purging(keeping, today=TODAY):
    return Purging(keeping, base_kinds(), lambda: today)


async def until_done(one):
    while await one.step():
        pass


async def everything(keeping, today=TODAY):
    return await keeping.look(None, 1000, today, base_kinds())


async def test_whom_no_right_can_concern_is_forgotten_and_who_lives_with_a_status_is_not(kept):
    shelf, store, keeping = kept
    status = FedFact(MARC, fact("IGO", supplier=PENSIONS))
    homes = [lives(MARC, 1), lives(NEIGHBOUR, 1), lives(NOBODY, 2)]
    fed = Fed([status, born(MARC), born(NEIGHBOUR), born(NOBODY)], homes)
    await shelf.feed(fed, TODAY)
    assert (await everything(keeping)).strangers == (NOBODY,)

    await until_done(purging(keeping))

    found = await everything(keeping)
    assert set(found.persons) == {MARC, NEIGHBOUR}
    assert (found.strangers, found.expired) == ((), 0)
    assert await store.facts_of({NOBODY}, date.min) == {}
    assert (await store.neighbourhoods({NOBODY}, TODAY)).memberships == {}
    counts = {one.key.fact_type: one.facts for one in await store.feeds(None, 10, TODAY)}
    assert counts == {"BIRTH_DATE": 2, "IGO": 1}


async def test_in_a_collective_household_nobody_is_kept_for_the_status_of_another(kept):
    shelf, _, keeping = kept
    status = FedFact(MARC, fact("IGO", supplier=PENSIONS))
    homes = [lives(MARC, 9, 20), lives(PRISONER, 9, 20)]
    await shelf.feed(Fed([status, born(PRISONER)], homes), TODAY)

    await until_done(purging(keeping))

    assert (await everything(keeping)).persons == (MARC,)


async def test_the_last_fact_that_expires_takes_its_person_along(kept):
    shelf, _, keeping = kept
    status = FedFact(MARC, fact("IGO", supplier=PENSIONS, expires_on=TODAY))
    await shelf.feed(Fed([status, born(MARC)], [lives(MARC, 1), lives(NEIGHBOUR, 1)]), TODAY)
    tomorrow = TODAY + timedelta(days=1)

    await until_done(purging(keeping))
    assert set((await everything(keeping)).persons) == {MARC, NEIGHBOUR}
    left = await everything(keeping, tomorrow)
    assert (set(left.strangers), left.expired) == ({MARC, NEIGHBOUR}, 1)

    await until_done(purging(keeping, tomorrow))
    assert await everything(keeping, tomorrow) == Looked((), (), 0)


async def test_who_is_fed_a_status_meanwhile_is_kept(kept):
    shelf, _, keeping = kept
    await shelf.feed(Fed([born(MARC)]), TODAY)
    looked = await everything(keeping)
    await shelf.feed(Fed([FedFact(MARC, fact("IGO", supplier=PENSIONS))]), TODAY)

    assert looked.strangers == (MARC,)
    assert await keeping.drop(looked.strangers, TODAY, base_kinds()) == 0
    assert (await everything(keeping)).persons == (MARC,)


async def test_a_round_goes_through_everybody_and_shows_what_is_left(kept, monkeypatch):
    shelf, _, keeping = kept
    monkeypatch.setattr(purging_module, "AT_ONCE", 1)
    people = (MARC, NOBODY, NEIGHBOUR, PRISONER)
    await shelf.feed(Fed([born(one) for one in people]), TODAY)

    await until_done(purging(keeping))

    assert await everything(keeping) == Looked((), (), 0)
    assert BEYOND.labels("expired")._value.get() == 0
    assert BEYOND.labels("stranger")._value.get() == 0


async def test_the_operator_counts_page_by_page_and_reads_of_no_person(buffer):
    buffer.store.fed.append(born(NOBODY))
    stub = rpc.BufferServiceStub(await buffer.channel("operator"))

    first = await stub.CheckKept(pb.CheckKeptRequest(page_size=1))
    again = pb.CheckKeptRequest(page_size=1, page_token=first.next_page_token)
    second = await stub.CheckKept(again)

    assert (first.persons_count, first.expired_count, first.strangers_count) == (1, 1, 0)
    assert (second.persons_count, second.strangers_count) == (1, 1)
    assert MARC.digits not in first.next_page_token


async def test_nobody_else_counts(buffer):
    stub = rpc.BufferServiceStub(await buffer.channel("gateway"))

    with pytest.raises(PeerFailed) as refused:
        await stub.CheckKept(pb.CheckKeptRequest())

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"

"""The catalogue in memory, and use cases over it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.directory.errors import CatalogueStale
from services.directory.model import IntegrationCheck, Located, LocatedSource
from services.directory.usecases import CatalogueKeeper, Directory
from services.kit.errors import StoreUnavailable
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    NETWORK,
    PERSON,
    TODAY,
    contract,
    organization,
    question,
    registration,
    source,
)
from tests.services.directory.fakes import Clock, FakeStore


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store():
    made = FakeStore()
    await made.store_organizations([organization(), source()])
    await made.store_contracts([contract()])
    return made


def keeper(store, clock, *, interval=timedelta(seconds=5)):
    return CatalogueKeeper(
        store,
        interval=interval,
        maximum_age=timedelta(seconds=60),
        today=lambda: clock.today,
        timer=clock,
    )


@pytest.fixture
async def catalogues(store, clock):
    made = keeper(store, clock)
    await made.refresh()
    return made


@pytest.fixture
def directory(store, catalogues):
    return Directory(store, catalogues, code_lists(), lambda: TODAY)


async def test_nothing_is_decided_before_the_catalogue_was_read(store, clock):
    unread = keeper(store, clock)
    directory = Directory(store, unread, code_lists(), lambda: TODAY)

    assert not unread.fresh()
    with pytest.raises(CatalogueStale):
        await directory.locate_dossiers([question()])
    with pytest.raises(CatalogueStale):
        directory.list_organizations(None, 10)
    with pytest.raises(CatalogueStale):
        directory.list_data_contracts(None, 10)


async def test_a_catalogue_that_is_too_old_is_not_decided_on(directory, catalogues, clock, store):
    clock.seconds += 60
    assert await directory.locate_dossiers([question()]) == [Located()]

    clock.seconds += 0.1

    with pytest.raises(CatalogueStale):
        await directory.locate_dossiers([question()])
    assert not catalogues.fresh()
    assert len(store.asked) == 1


async def test_the_age_of_a_catalogue_counts_from_when_its_reading_began(store, clock):
    class Slow(FakeStore):
        async def holdings(self):
            clock.seconds += 61
            return await store.holdings()

    slow = keeper(Slow(), clock)

    await slow.refresh()

    assert not slow.fresh()


async def test_a_failed_reading_leaves_the_catalogue_and_is_tried_again(store, clock):
    failures = asyncio.Queue()

    class Leaving(FakeStore):
        async def revision(self):
            if store.away:
                failures.put_nowait(None)
                raise store.away
            return await store.revision()

        async def holdings(self):
            return await store.holdings()

    made = keeper(Leaving(), clock, interval=timedelta(0))
    await made.refresh()
    store.away = StoreUnavailable()

    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(made.keep())
        for _ in range(3):
            await failures.get()
        keeping.cancel()

    assert set(made.current().organizations) == {CENTRE, FEDERAL}


async def test_what_is_loaded_is_seen_at_the_next_reading(directory, catalogues, store):
    await store.store_organizations([organization(NETWORK)])
    before, _ = directory.list_organizations(None, 10)

    await catalogues.refresh()

    after, _ = directory.list_organizations(None, 10)
    assert [one.cbe_number for one in before] == [CENTRE, FEDERAL]
    assert [one.cbe_number for one in after] == [NETWORK, CENTRE, FEDERAL]


async def test_a_batch_costs_one_reading_and_is_answered_in_order(directory, store):
    await store.register(
        [registration(1, quality=2), registration(2, 2), registration(2, 3, person=ANOTHER)]
    )

    found = await directory.locate_dossiers(
        [
            question(ANOTHER),
            question(PERSON),
            question(PERSON, customer=NETWORK),
            question(PERSON, contract=ContractName("OTHER", 1)),
        ]
    )

    federal = (LocatedSource(FEDERAL, (1,)),)
    assert found == [Located((), federal), Located((2,), federal), Located((), federal), Located()]
    assert store.asked == [({PERSON, ANOTHER}, {1, 2})]


@pytest.mark.parametrize(
    ("after", "most", "listed", "last"),
    [
        (None, 2, [NETWORK, CENTRE], CENTRE),
        (CENTRE, 2, [FEDERAL], None),
        (None, 3, [NETWORK, CENTRE, FEDERAL], None),
        (EnterpriseNumber(899990300), 1, [CENTRE], CENTRE),
        (FEDERAL, 1, [], None),
    ],
)
async def test_a_page_begins_after_a_position_even_if_that_is_gone(
    directory, catalogues, store, after, most, listed, last
):
    await store.store_organizations([organization(NETWORK)])
    await catalogues.refresh()

    page, position = directory.list_organizations(after, most)

    assert [one.cbe_number for one in page] == listed
    assert position == last


@pytest.mark.parametrize(("asked_on", "knows"), [(None, False), (TODAY + timedelta(1), True)])
async def test_who_knows_a_person_is_told_for_the_day_of_the_question(
    directory, store, catalogues, asked_on, knows
):
    now = contract(integration_check=IntegrationCheck.ACTIVE_NOW)
    await store.store_contracts([now])
    await catalogues.refresh()
    number = (await store.holdings()).keys[CENTRE]
    tomorrow = (TODAY + timedelta(1)).isoformat()
    await store.register([registration(number, begin=tomorrow)])

    (found,) = await directory.locate_dossiers([replace(question(), day=asked_on)])

    assert bool(found.customer_quality_codes) is knows

"""What it costs to keep the catalogue: what changed, not what there is. On both stores."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.directory.model import Revision
from services.directory.usecases import CatalogueKeeper
from tests.services.directory.examples import TODAY, TRIAL, period, subscription


class Counted:
    """A store whose rows are counted as they are read."""

    def __init__(self, store):
        self.store = store
        self.rows = 0

    async def revision(self) -> Revision:
        self.rows += 1
        return await self.store.revision()

    async def holdings(self):
        held = await self.store.holdings()
        self.rows += len(held.organizations) + len(held.contracts)
        return held

    async def running(self, today):
        return self._count(await self.store.running(today))

    async def changed(self, after):
        return self._count(await self.store.changed(after))

    def _count(self, found):
        self.rows += len(found)
        return found


class Day:
    """The day of today, which goes on when told."""

    today = TODAY

    def __call__(self):
        return self.today


@pytest.fixture
def counted(network):
    return Counted(network.store)


@pytest.fixture
def day():
    return Day()


@pytest.fixture
def keeper(counted, day):
    return CatalogueKeeper(
        counted, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=day
    )


async def give(network, *numbers, end=None):
    wish = replace(subscription().wish, period=period("2020-01-01", end))
    for number in numbers:
        given = replace(subscription(), key=UUID(int=number), wish=wish)
        await network.subscriptions.add_subscription(given)


def held(keeper):
    of = keeper.current().subscriptions.get(TRIAL, {})
    return {key.int for some in of.values() for key in some}


async def rows_of_a_refresh(keeper, counted):
    before = counted.rows
    await keeper.refresh()
    return counted.rows - before


async def test_an_unchanged_store_costs_one_row(network, keeper, counted):
    await give(network, *range(1, 30))
    await keeper.refresh()

    assert await rows_of_a_refresh(keeper, counted) == 1
    assert held(keeper) == {*range(1, 30)}


async def test_what_is_given_or_ended_costs_itself(network, keeper, counted):
    await give(network, *range(1, 30))
    await keeper.refresh()

    await give(network, 30)
    assert await rows_of_a_refresh(keeper, counted) == 2
    await network.subscriptions.end_subscription(UUID(int=7), date(2021, 1, 1))
    assert await rows_of_a_refresh(keeper, counted) == 2

    assert held(keeper) == {*range(1, 31)} - {7}


async def test_ten_times_as_many_that_have_ended_add_none(network, keeper, counted):
    await give(network, 1, 2, 3)
    await keeper.refresh()
    alone = counted.rows

    await give(network, *range(10, 40), end="2020-12-31")
    later = Counted(network.store)
    other = CatalogueKeeper(
        later, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=Day()
    )
    await other.refresh()

    assert later.rows == alone
    assert held(other) == {1, 2, 3}


async def test_what_ended_yesterday_is_let_go_without_reading(network, keeper, counted, day):
    await give(network, 1)
    await give(network, 2, end=str(TODAY))
    await keeper.refresh()
    assert held(keeper) == {1, 2}

    day.today = TODAY + timedelta(days=1)

    assert await rows_of_a_refresh(keeper, counted) == 1
    assert held(keeper) == {1}

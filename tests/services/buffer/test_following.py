"""What is kept on a person follows the person's number, once for each replacement."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.buffer.model import Fed, FedFact, Replacement
from services.buffer.store.facts import PostgresShelf, PostgresStore
from services.buffer.usecases import Following
from services.concepts.ssin import Ssin
from services.kit.postgres import pool
from tests.services.buffer.examples import AS_OF, FED, MARC, NOBODY, TODAY, fact

FIRST = Replacement(1, MARC, NOBODY)


@pytest.fixture
async def stores(postgres):
    """The store as the service, and the shelf as the owner, with the example facts."""
    database = await postgres.migrated("buffer")
    async with (
        pool(database.owner_dsn, name="feed") as owner,
        pool(database.dsn, name="buffer") as connections,
    ):
        shelf = PostgresShelf(owner)
        await shelf.feed(Fed([fed for fed in FED if fed.person == MARC]), TODAY)
        yield PostgresStore(connections), shelf


async def kept(store, person):
    return set((await store.facts_of({person}, TODAY)).get(person, ()))


async def types(store, person):
    found = await store.facts_of({person}, TODAY)
    return sorted(one.fact_type for one in found.get(person, ()))


async def test_moves_what_is_kept_on_the_old_number(stores):
    store, _ = stores
    before = await kept(store, MARC)

    assert await store.follow([FIRST]) == 1

    assert before
    assert (await store.successor_of(MARC), await store.successor_of(NOBODY)) == (NOBODY, None)
    assert {one.value for one in before} == {None, 3}
    assert (await kept(store, MARC), await kept(store, NOBODY)) == (set(), before)


async def test_applies_a_replacement_once_however_often_it_comes(stores):
    store, shelf = stores
    await store.follow([FIRST])
    back = [Replacement(2, NOBODY, MARC)]
    await store.follow(back)

    # Again: had it been applied, the facts would be on the other number.
    followed = await asyncio.gather(*(store.follow([FIRST, *back]) for _ in range(4)))

    assert followed == [2] * 4
    assert await types(store, NOBODY) == []
    assert await store.find_followed() == 2
    assert await shelf.pool.fetchval("select count(*) from replaced") == 1


async def test_of_the_same_fact_on_both_numbers_the_later_view_stands(stores):
    store, shelf = stores
    old = fact("IT", value=1, decided_on=TODAY)
    new = replace(old, value=2, decided_on=None, as_of=AS_OF + timedelta(days=1))
    later = replace(fact(end="2026-12-31"), as_of=AS_OF + timedelta(days=1))
    await shelf.feed(Fed([FedFact(NOBODY, later), FedFact(NOBODY, old), FedFact(MARC, new)]), TODAY)

    await store.follow([FIRST])

    found = await kept(store, NOBODY)
    assert {later, new} <= found
    assert not {fact(), old} & found


async def test_what_a_source_still_feeds_on_the_old_number_goes_to_the_new(stores):
    store, shelf = stores
    await store.follow([FIRST])

    await shelf.feed(Fed([FedFact(MARC, fact("RIS"))]), TODAY)

    assert await types(store, MARC) == []
    assert "RIS" in await types(store, NOBODY)


class Feed:
    """Gives one replacement a page, as identification would."""

    def __init__(self, *replacements):
        self.replacements = replacements

    async def after(self, sequence):
        return [one for one in self.replacements if one.sequence > sequence][:1]


async def test_follows_the_feed_to_its_end(stores):
    store, _ = stores
    following = Following(store, Feed(FIRST, Replacement(5, NOBODY, Ssin(95661501255))))

    read = [await following.follow_replacements() for _ in range(3)]

    assert read == [1, 1, 0]
    assert await store.find_followed() == 5

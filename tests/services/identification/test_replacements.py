"""Replacing a number: the rule as a table, one suite for both stores, the relay to the trail."""

import asyncio

import pytest

from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin, check_digits
from services.identification.model.numbers import LONGEST_CHAIN, Person
from services.identification.model.replacements import Kept, Standing
from services.identification.rules.replacements import successor
from services.identification.store.loading import PostgresShelf
from services.identification.store.numbers import PostgresStore
from services.identification.store.replacements import PostgresReplacements
from services.identification.usecases.replacements import Relay
from services.kit.errors import PeerUnavailable
from services.kit.postgres import pool
from tests.services.identification.examples import (
    GEORGES,
    JAN,
    MARC,
    NOBODY,
    PERSONS,
    SAM,
    SAM_BEFORE,
    FakeReplacements,
    FakeStore,
)

BIS = Ssin(82240999642)
RRN = Ssin(93051822361)
ACTIVE, CANCELED = SsinState.ACTIVE, SsinState.CANCELED


def standing(old=ACTIVE, last=SAM, before=0, state=ACTIVE, number=MARC):
    kept = None if old is None else Person(number, old, SAM if old is SsinState.REPLACED else None)
    return Standing(kept, None if last is None else Person(last, state), before)


REFUSED = [
    (standing(old=None), MARC, SAM, "MSG00005", "SSIN_UNKNOWN"),
    (standing(old=CANCELED), MARC, SAM, "MSG00005", "SSIN_UNKNOWN"),
    (standing(last=None), MARC, SAM, "MSG00008", "SUCCESSOR_UNKNOWN"),
    (standing(state=CANCELED), MARC, SAM, "MSG00008", "SUCCESSOR_UNKNOWN"),
    (standing(last=MARC), MARC, SAM, "MSG00008", "REPLACEMENT_CYCLE"),
    (standing(last=MARC), MARC, MARC, "MSG00008", "REPLACEMENT_CYCLE"),
    (standing(old=SsinState.REPLACED), MARC, GEORGES, "MSG00006", "SSIN_REPLACED"),
    (standing(before=LONGEST_CHAIN), MARC, SAM, "MSG00008", "CHAIN_TOO_LONG"),
    (standing(last=BIS, number=RRN), RRN, BIS, "MSG00008", "REGISTER_SUBSIDIARY"),
]


@pytest.mark.parametrize(("kept", "old", "new", "code", "because"), REFUSED)
def test_a_number_is_not_replaced_when_the_register_forbids_it(kept, old, new, code, because):
    refused = successor(old, new, kept)

    assert isinstance(refused, Kept)
    assert (refused.status.code.code, refused.because) == (code, because)


def test_a_number_is_replaced_by_the_end_of_the_chain():
    assert successor(MARC, SAM_BEFORE, standing(last=SAM)) == SAM
    assert successor(BIS, RRN, standing(last=RRN, number=BIS)) == RRN


async def silent():
    """Sees the change and writes nothing."""


def replacing(replacements, old, new, witness=silent):
    return replacements.replace(old, new, lambda found: successor(old, new, found), witness)


@pytest.fixture(params=["fake", "postgres"])
async def stores(request):
    """Replacements with the numbers they change."""
    if request.param == "fake":
        store = FakeStore()
        fake = FakeReplacements(store)
        fake.done.clear()
        yield fake, store
        return
    database = await request.getfixturevalue("postgres").migrated("identification")
    async with pool(database.owner_dsn, name="load") as owner:
        await PostgresShelf(owner).store([one for one in PERSONS if one.ssin != SAM_BEFORE])
        await PostgresShelf(owner).store([Person(SAM_BEFORE, ACTIVE)])
    async with pool(database.dsn, name="identification") as connections:
        yield PostgresReplacements(connections), PostgresStore(connections)


async def test_replaces_and_lists_in_order(stores):
    replacements, numbers = stores

    await replacing(replacements, MARC, SAM)
    await replacing(replacements, SAM, GEORGES)

    listed = await replacements.replacements(0, 10)
    assert [(one.ssin, one.replaced_by) for one in listed] == [(MARC, SAM), (SAM, GEORGES)]
    assert [one.sequence for one in await replacements.replacements(listed[0].sequence, 9)] == [
        listed[1].sequence
    ]
    assert (await numbers.ends_of({MARC}))[MARC].ssin == GEORGES


async def test_refuses_a_circle_of_two(stores):
    replacements, _ = stores
    await replacing(replacements, MARC, SAM)

    refused = await replacing(replacements, SAM, MARC)

    assert isinstance(refused, Kept)
    assert refused.because == "REPLACEMENT_CYCLE"
    assert len(await replacements.replacements(0, 10)) == 1


async def test_changes_nothing_when_the_witness_fails(stores):
    replacements, numbers = stores

    async def away():
        raise PeerUnavailable

    with pytest.raises(PeerUnavailable):
        await replacing(replacements, MARC, SAM, away)

    assert (await numbers.ends_of({MARC}))[MARC].state is ACTIVE
    assert await replacements.replacements(0, 10) == []


async def test_refuses_what_nobody_has(stores):
    replacements, _ = stores

    assert (await replacing(replacements, NOBODY, SAM)).because == "SSIN_UNKNOWN"
    assert (await replacing(replacements, SAM, JAN)).because == "SUCCESSOR_UNKNOWN"


def mock(sequence):
    nine = 996000000 + sequence
    return Ssin(nine * 100 + check_digits(nine, 19))


async def test_of_many_at_once_no_circle_comes_and_sequences_rise(postgres):
    database = await postgres.migrated("identification")
    ring = [mock(n) for n in range(1, 9)]
    async with pool(database.owner_dsn, name="load") as owner:
        await PostgresShelf(owner).store([Person(one, ACTIVE) for one in ring])
    async with pool(database.dsn, name="identification", most=8) as connections:
        replacements = PostgresReplacements(connections)

        # Each is to be replaced by the next, and the last by the first.
        done = await asyncio.gather(
            *(
                replacing(replacements, old, new)
                for old, new in zip(ring, [*ring[1:], ring[0]], strict=True)
            )
        )

        assert [isinstance(one, Kept) for one in done].count(True) == 1
        ends = await PostgresStore(connections).ends_of(set(ring))
        assert len({end.ssin for end in ends.values()}) == 1


async def test_what_is_loaded_as_replaced_is_in_the_feed_once(postgres):
    database = await postgres.migrated("identification")
    async with pool(database.owner_dsn, name="load") as owner:
        await PostgresShelf(owner).store(PERSONS)
        await PostgresShelf(owner).store(PERSONS)

        listed = await PostgresReplacements(owner).replacements(0, 10)

    assert [(one.ssin, one.replaced_by) for one in listed] == [(SAM_BEFORE, SAM)]


class Telling:
    """A trail that is away the first time."""

    def __init__(self):
        self.away = True
        self.knows = []

    async def record_replacement(self, replacement):
        if self.away and self.knows:
            raise PeerUnavailable
        self.knows.append(replacement.ssin)


async def test_the_trail_is_told_what_it_missed(stores):
    replacements, _ = stores
    trail = Telling()
    relay = Relay(replacements, trail)
    await replacing(replacements, MARC, SAM)
    await replacing(replacements, GEORGES, SAM)

    with pytest.raises(PeerUnavailable):
        await relay.relay_replacements()
    trail.away = False
    await relay.relay_replacements()

    assert trail.knows == [MARC, GEORGES]
    assert await relay.relay_replacements() == 0

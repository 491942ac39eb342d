"""Dossiers follow the numbers of persons: exactly once, whatever else happens at the same time."""

import asyncio
from dataclasses import dataclass

import pytest

from services.directory.errors import RegisterBusy
from services.directory.model import REPLACED, Loaded, Replacement
from services.directory.rules import registering
from services.directory.store import PostgresMoves, PostgresRegisters, PostgresShelf, PostgresStore
from services.directory.store.reading import SQL
from services.directory.usecases import Following
from services.kit.clock import belgian_day
from services.kit.postgres import pool
from tests.services.directory.examples import (
    ANOTHER,
    NOW,
    PERSON,
    dossier,
    organization,
    person,
    registration,
)

THIRD = person(7)


@dataclass
class Feed:
    """The replacements of identification; delivers again what it is asked for again."""

    listed: list

    async def replacements_after(self, sequence):
        return [one for one in self.listed if one.sequence > sequence][:2]


@pytest.fixture
async def shelf(database):
    async with pool(database.owner_dsn, name="test") as owner:
        made = PostgresShelf(owner)
        await PostgresStore(owner).keys_of([organization()])
        yield made


@pytest.fixture
async def connections(database, shelf):
    async with pool(database.dsn, name="test", most=8) as opened:
        yield opened


def following(connections, *replacements):
    listed = [Replacement(n, *pair, NOW) for n, pair in enumerate(replacements, 1)]
    return Following(PostgresMoves(connections), Feed(listed), belgian_day)


async def qualities(connections, *persons):
    found = await PostgresStore(connections).dossiers_of(persons, [1])
    return {whom: {one.quality_code for one in dossiers} for whom, dossiers in found.items()}


async def test_dossiers_move_and_the_old_number_says_that_it_was_replaced(shelf, connections):
    await shelf.register([registration(1), registration(1, 2, quality=2)])

    await following(connections, (PERSON, ANOTHER)).follow_replacements()

    assert await qualities(connections, PERSON, ANOTHER) == {PERSON: {REPLACED}, ANOTHER: {1, 2}}


async def test_what_is_delivered_again_is_applied_once(shelf, connections):
    await shelf.register([registration(1)])
    replacement = Replacement(1, PERSON, ANOTHER, NOW)
    moves = PostgresMoves(connections)
    applied = []

    def move(one, old, new):
        applied.append(one.sequence)
        return old, new

    # Who comes too late waits a moment only, and is told to come again.
    came = [moves.follow([replacement], move) for _ in range(4)]
    ended = await asyncio.gather(*came, return_exceptions=True)

    assert {one for one in ended if not isinstance(one, RegisterBusy)} == {1}
    assert applied == [1]
    assert await moves.followed() == 1


async def test_a_chain_ends_on_the_last_number(shelf, connections):
    await shelf.register([registration(1)])
    chain = following(connections, (PERSON, ANOTHER), (ANOTHER, THIRD))

    while await chain.follow_replacements():
        pass

    found = await qualities(connections, PERSON, ANOTHER, THIRD)
    assert found == {PERSON: {REPLACED}, ANOTHER: {REPLACED}, THIRD: {1}}


async def test_a_failure_in_the_middle_leaves_nothing_half_applied(shelf, connections):
    await shelf.register([registration(1)])
    moves = PostgresMoves(connections)

    def fail(one, old, new):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await moves.follow([Replacement(1, PERSON, ANOTHER, NOW)], fail)

    assert await moves.followed() == 0
    assert await qualities(connections, PERSON, ANOTHER) == {PERSON: {1}}


async def test_what_arrives_late_on_the_old_number_is_told_to_ask_again(shelf, connections):
    await following(connections, (PERSON, ANOTHER)).follow_replacements()

    with pytest.raises(RegisterBusy):
        await PostgresRegisters(connections).change(
            PERSON, lambda known: registering.register(known, dossier(1))
        )

    assert await qualities(connections, PERSON, ANOTHER) == {}


async def test_a_file_with_the_old_number_is_loaded_on_the_new_one(shelf, connections):
    await following(connections, (PERSON, ANOTHER)).follow_replacements()

    done = await shelf.register([registration(1)])

    assert done == Loaded(added=1)
    assert await qualities(connections, PERSON, ANOTHER) == {ANOTHER: {1}}


async def test_registrations_during_a_replacement_are_not_lost(shelf, connections):
    registers = PostgresRegisters(connections)

    async def register(quality):
        wanted = dossier(1, quality=quality)
        try:
            await registers.change(PERSON, lambda known: registering.register(known, wanted))
        except RegisterBusy:
            return None
        return quality

    *done, _ = await asyncio.gather(
        *(register(n) for n in range(20)),
        following(connections, (PERSON, ANOTHER)).follow_replacements(),
    )

    found = await qualities(connections, PERSON, ANOTHER)
    kept = found.get(ANOTHER, set()) | (found.get(PERSON, set()) - {REPLACED})
    assert kept == {quality for quality in done if quality is not None}
    assert found.get(PERSON, set()) <= {REPLACED}


async def test_a_long_load_delays_the_follower_and_not_those_who_register(shelf, connections):
    await shelf.register([registration(1)])
    registers, chain = PostgresRegisters(connections), following(connections, (PERSON, ANOTHER))

    async with connections.acquire() as loading, loading.transaction():
        await loading.execute(SQL.hold_numbers)
        with pytest.raises(RegisterBusy):
            await chain.follow_replacements()
        await registers.change(
            PERSON, lambda known: registering.register(known, dossier(1, quality=2))
        )
    await chain.follow_replacements()

    assert await qualities(connections, PERSON, ANOTHER) == {PERSON: {REPLACED}, ANOTHER: {1, 2}}


async def test_what_was_known_of_the_old_number_before_is_still_known(shelf, connections):
    await shelf.register([registration(1)])
    before = await connections.fetchval("select clock_timestamp()")

    await following(connections, (PERSON, ANOTHER)).follow_replacements()

    known = await PostgresStore(connections).dossiers_of([PERSON, ANOTHER], [1], before)
    assert known == {PERSON: [dossier(1)]}

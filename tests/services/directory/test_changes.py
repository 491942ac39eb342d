"""Changing dossiers in PostgreSQL: nothing lost and nothing double, however many change at once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.directory.errors import DossierOverlaps
from services.directory.rules import registering
from services.directory.store import PostgresRegisters, PostgresStore
from services.kit.postgres import pool
from tests.services.directory.examples import ANOTHER, CENTRE, PERSON, dossier, organization, person

LATER = datetime(2100, 1, 1, tzinfo=UTC)
ONE = 1


@pytest.fixture
async def connections(database):
    async with pool(database.owner_dsn, name="test") as owner:
        await PostgresStore(owner).keys_of([organization(CENTRE)])
    async with pool(database.dsn, name="test", most=8) as opened:
        yield opened


@pytest.fixture
def replicas(connections):
    """Several services on one database: each gathers what it is asked, none knows of the others."""
    return [PostgresRegisters(connections) for _ in range(4)]


@pytest.fixture
def registers(replicas):
    return replicas[0]


def register(registers, wanted, whom=PERSON):
    return registers.change(whom, lambda known: registering.register(known, wanted))


async def held(connections, *persons, known_at=None):
    found = await PostgresStore(connections).dossiers_of(persons or [PERSON], [ONE], known_at)
    return {whom: set(dossiers) for whom, dossiers in found.items()}


async def test_what_is_registered_is_there_and_what_overlapped_is_told(registers, connections):
    await register(registers, dossier(ONE, end="2020-12-31"))

    overlapping = await register(registers, dossier(ONE, begin="2020-06-01", phase=2))

    assert overlapping == (dossier(ONE, end="2020-12-31"),)
    assert await held(connections) == {PERSON: {dossier(ONE, phase=2)}}


@pytest.mark.parametrize("known", [True, False], ids=["a known person", "a new person"])
async def test_registrations_at_the_same_time_all_stand(replicas, connections, known):
    if known:
        await register(replicas[0], dossier(ONE, quality=50))
    wanted = [dossier(ONE, quality=n) for n in range(40)]

    await asyncio.gather(
        *(register(replicas[n % 4], one) for n, one in enumerate(wanted)),
    )

    expected = {*wanted, dossier(ONE, quality=50)} if known else set(wanted)
    assert await held(connections) == {PERSON: expected}


async def test_registrations_that_overlap_at_the_same_time_become_one(replicas, connections):
    begins = [date(2020, 1, 1) + timedelta(days=n) for n in range(40)]
    wanted = [dossier(ONE, begin=str(day), end="2021-01-01") for day in begins]

    await asyncio.gather(*(register(replicas[n % 4], one) for n, one in enumerate(wanted)))

    assert await held(connections) == {PERSON: {dossier(ONE, end="2021-01-01")}}


async def test_many_persons_in_any_order_all_stand(replicas, connections):
    persons = [person(n) for n in range(30)]
    orders = [persons, persons[::-1], persons[15:] + persons[:15], persons]

    await asyncio.gather(
        *(
            register(replicas[n], dossier(ONE, quality=n), whom)
            for n, order in enumerate(orders)
            for whom in order
        )
    )

    found = await held(connections, *persons)
    assert {len(dossiers) for dossiers in found.values()} == {4}
    assert len(found) == 30


async def test_two_that_open_the_same_persons_never_wait_for_each_other_in_a_ring(
    replicas, connections
):
    persons = [person(n) for n in range(200)]
    decided = [asyncio.Event() for _ in range(2)]

    async def register_all(replica, quality, order):
        async def witness(_):  # Both have decided before either writes.
            decided[quality].set()
            await asyncio.gather(*(one.wait() for one in decided))

        def change(whom, witness=None):
            decide = partial(registering.register, wanted=dossier(ONE, quality=quality))
            return replica.change(whom, decide, witness)

        await asyncio.gather(  # The first goes alone, the others together.
            change(person(1000 + quality)), *map(change, order[1:]), change(order[0], witness)
        )

    with capture_logs() as told:
        await asyncio.gather(
            register_all(replicas[0], 0, persons), register_all(replicas[1], 1, persons[::-1])
        )

    assert told == []
    found = await held(connections, *persons)
    assert {len(dossiers) for dossiers in found.values()} == {2}
    assert len(found) == 200


async def test_a_change_that_is_refused_leaves_the_others_that_came_along(registers, connections):
    def refuse(known):
        raise DossierOverlaps()

    refused, done = await asyncio.gather(
        registers.change(PERSON, refuse),
        register(registers, dossier(ONE), ANOTHER),
        return_exceptions=True,
    )

    assert isinstance(refused, DossierOverlaps)
    assert done == ()
    assert await held(connections, PERSON, ANOTHER) == {ANOTHER: {dossier(ONE)}}


async def test_the_database_itself_refuses_overlaps_of_writers_that_do_not_decide(
    registers, connections
):
    await register(registers, dossier(ONE))

    with pytest.raises(asyncpg.CheckViolationError):
        await registers.change(
            PERSON, lambda known: ((*known, dossier(ONE, begin="2021-01-01")), None)
        )

    assert await held(connections) == {PERSON: {dossier(ONE)}}


async def test_every_instant_shows_what_was_recorded_then(registers, connections):
    versions = [
        [dossier(ONE)],
        [dossier(ONE, end="2021-12-31")],
        [dossier(ONE, end="2021-12-31"), dossier(ONE, quality=2)],
        [dossier(ONE, quality=2, end="2022-12-31")],
    ]
    instants = [await connections.fetchval("select clock_timestamp()")]
    for version in versions:
        await registers.change(PERSON, lambda known, version=version: (version, None))
        instants.append(await connections.fetchval("select clock_timestamp()"))

    shown = [(await held(connections, known_at=at)).get(PERSON, set()) for at in instants]

    assert shown == [set(), *map(set, versions)]
    assert await held(connections, known_at=LATER) == await held(connections)


async def test_what_is_said_again_keeps_its_instant_of_recording(registers, connections):
    await register(registers, dossier(ONE))
    before = await connections.fetchval("select recorded_at from person_dossiers")

    await register(registers, dossier(ONE))

    assert await connections.fetchval("select recorded_at from person_dossiers") == before
    assert await connections.fetchval("select count(*) from superseded_dossier") == 0

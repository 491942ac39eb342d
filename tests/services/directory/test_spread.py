"""Persons on one node and on several: other statements, the same answers.

No server with Citus takes part. What is tried is that the statements for several nodes say the same
on one, and that no statement of the directory is of a kind that several nodes refuse.
"""

import asyncio
import re
from datetime import UTC, datetime

import asyncpg
import pytest

from services.directory.errors import DossierOverlaps
from services.directory.model import Replacement
from services.directory.rules import registering
from services.directory.store import PostgresMoves, PostgresRegisters, PostgresStore
from services.directory.store.reading import SQL
from services.directory.store.spread import Spread, spread_of
from services.directory.store.writing import _failure
from services.kit.postgres import pool
from tests.services.directory.examples import ANOTHER, CENTRE, PERSON, dossier, organization, person

ONE = 1
ON_ONE_NODE = {"list_dossiers", "list_known_dossiers", "lock_dossiers"}
"""The statements that are written in a second way for several nodes."""
LOADED = {"merge_incoming"}
"""Whose sub-selects are of arrays within a row: several nodes take them (tried, k8s/README.md)."""
REFUSED = {
    "a look-up for each of a list": r"unnest\(\$\d+[^)]*\)[^;]*cross join lateral\s*\(\s*select",
    "locks on several persons": r"any\s*\(\$\d+[^)]*\)[^;]*for update",
    "a sub-select among values": r"values\s*\([^;]*\bselect\b",
    "merge": r"^\s*merge\s+into",
}


@pytest.fixture
async def connections(database):
    async with pool(database.owner_dsn, name="test") as owner:
        await PostgresStore(owner).keys_of([organization(CENTRE)])
    async with pool(database.dsn, name="test", most=8) as opened:
        yield opened


def on_persons():
    """The statements that read or write persons."""
    return {
        name: re.sub(r"--[^\n]*", "", text)
        for name, text in vars(SQL).items()
        if "person_dossiers" in text or "superseded_dossier" in text
    }


@pytest.mark.parametrize("kind", REFUSED)
def test_no_statement_on_persons_is_of_a_kind_that_several_nodes_refuse(kind):
    found = {
        name
        for name, text in on_persons().items()
        if re.search(REFUSED[kind], text, re.IGNORECASE | re.DOTALL)
    }

    assert found - ON_ONE_NODE - LOADED == set()


def test_the_kinds_are_recognised():
    statements = on_persons()
    lateral, locking = REFUSED["a look-up for each of a list"], REFUSED["locks on several persons"]

    assert re.search(lateral, statements["list_dossiers"])
    assert re.search(lateral, statements["lock_dossiers"])
    assert re.search(locking, "select 1 from person_dossiers where ssin = any ($1) for update")


async def test_a_server_without_the_extension_is_one_node(connections):
    assert await spread_of(connections) is Spread.ONE


async def test_both_read_the_same_of_several_persons(connections):
    registers = PostgresRegisters(connections)
    whom = [PERSON, ANOTHER, *map(person, range(20))]
    for one in whom[:15]:
        await registers.change(one, lambda known: registering.register(known, dossier(ONE)))
    stores = [PostgresStore(connections, spread) for spread in Spread]

    for asked in (whom, whom[:2], whom[15:], [PERSON, PERSON]):
        first, second = [await store.dossiers_of(asked, [ONE]) for store in stores]
        assert {one: set(held) for one, held in first.items()} == {
            one: set(held) for one, held in second.items()
        }
    assert len(await stores[1].dossiers_of(whom, [ONE])) == 15


async def test_what_was_known_of_several_persons_is_read_from_both_tables(connections):
    registers, store = PostgresRegisters(connections), PostgresStore(connections, Spread.SEVERAL)
    for one in (PERSON, ANOTHER):
        await registers.change(one, lambda known: registering.register(known, dossier(ONE)))
    between = await connections.fetchval("select clock_timestamp()")
    changed = dossier(ONE, phase=7)
    await registers.change(PERSON, lambda known: registering.register(known, changed))

    then = await store.dossiers_of([PERSON, ANOTHER], [ONE], between)
    now = await store.dossiers_of([PERSON, ANOTHER], [ONE], datetime(2100, 1, 1, tzinfo=UTC))

    assert then == {PERSON: [dossier(ONE)], ANOTHER: [dossier(ONE)]}
    assert now == {PERSON: [changed], ANOTHER: [dossier(ONE)]}


async def test_who_locks_one_by_one_and_who_locks_at_once_never_wait_in_a_ring(connections):
    """In a rolling upgrade both are there at the same time."""
    registers = [PostgresRegisters(connections, spread) for spread in (*Spread, *Spread)]
    whom = [PERSON, ANOTHER, *map(person, range(30))]

    await asyncio.gather(
        *(
            one.change(who, lambda known, at=at: registering.register(known, _of_year(at)))
            for at, one in enumerate(registers)
            for who in (whom if at % 2 else reversed(whom))
        )
    )

    found = await PostgresStore(connections).dossiers_of(whom, [ONE])
    years = {_of_year(at) for at in range(len(registers))}
    assert {who: set(held) for who, held in found.items()} == dict.fromkeys(whom, years)


def _of_year(at):
    return dossier(ONE, begin=f"{2000 + at}-01-01", end=f"{2000 + at}-12-31")


async def test_a_number_moves_when_persons_are_locked_one_by_one(connections):
    registers = PostgresRegisters(connections, Spread.SEVERAL)
    await registers.change(PERSON, lambda known: registering.register(known, dossier(ONE)))
    moves = PostgresMoves(connections, Spread.SEVERAL)
    replaced = Replacement(1, PERSON, ANOTHER, datetime.now(UTC))

    await moves.follow([replaced], lambda _, old, new: ((), (*old, *new)))

    found = await PostgresStore(connections).dossiers_of([ANOTHER], [ONE])
    assert found == {ANOTHER: [dossier(ONE)]}


def test_a_check_that_failed_on_another_node_is_known_by_its_message():
    told = asyncpg.CheckViolationError('new row violates check constraint "dossier_overlaps_10"')
    other = asyncpg.CheckViolationError('new row violates check constraint "dossiers_are_whole"')

    assert isinstance(_failure(told), DossierOverlaps)
    assert _failure(other) is other

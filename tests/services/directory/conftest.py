"""Both stores under one name, and a directory over the one in memory."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from services.concepts.reference import Reference
from services.directory.peers.registry import RegistryShelf
from services.directory.store import (
    PostgresRegisters,
    PostgresShelf,
    PostgresStore,
    PostgresSubscriptions,
)
from services.kit.postgres import pool
from tests.services.directory.examples import REGION, REGION_PLACE, contract, organization, source
from tests.services.directory.fakes import FakeStore
from tests.services.directory.serving import directory

__all__ = ["directory"]


class Registry:
    """Reference data that a test changes."""

    def __init__(self):
        self.reference = Reference(1, b"")

    def current(self):
        return self.reference

    async def store_organizations(self, organizations):
        held = {**self.reference.organizations, **{one.cbe_number: one for one in organizations}}
        self._change(organizations=held)

    async def store_contracts(self, contracts):
        self._change(contracts={**self.reference.contracts, **{one.name: one for one in contracts}})

    def _change(self, **held):
        self.reference = replace(self.reference, version=self.reference.version + 1, **held)


class Both:
    """Two as one: what the first does not know, the second does."""

    def __init__(self, first, second):
        self._first, self._second = first, second

    def __getattr__(self, name):
        return getattr(self._first, name, None) or getattr(self._second, name)


@pytest.fixture
async def database(postgres):
    """A migrated database."""
    return await postgres.migrated("directory")


@pytest.fixture(params=["fake", "postgres"])
async def kept(request):
    """What reads (`store`) and what writes (`shelf`), each as its own role; empty."""
    if request.param == "fake":
        fake = FakeStore()
        yield SimpleNamespace(store=fake, shelf=fake, subscriptions=fake, registers=fake)
        return
    postgres = request.getfixturevalue("postgres")
    made = await postgres.migrated("directory")
    held = Registry()
    async with pool(made.dsn, name="test") as reading, pool(made.owner_dsn, name="test") as writing:
        yield SimpleNamespace(
            store=Both(RegistryShelf(PostgresStore(reading), held), PostgresStore(reading)),
            shelf=Both(held, PostgresShelf(writing)),
            subscriptions=PostgresSubscriptions(reading),
            registers=PostgresRegisters(reading),
        )


@pytest.fixture
async def network(kept):
    """The stores with the small network in them, and the keys of its organizations."""
    await kept.shelf.store_organizations([organization(), source(), source(REGION, REGION_PLACE)])
    await kept.shelf.store_contracts([contract()])
    kept.keys = (await kept.store.holdings()).keys
    return kept

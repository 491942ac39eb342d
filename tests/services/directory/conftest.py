"""Both stores under one name, and a directory over the one in memory."""

from types import SimpleNamespace

import pytest

from services.directory.store import (
    PostgresContracts,
    PostgresRegisters,
    PostgresShelf,
    PostgresStore,
    PostgresSubscriptions,
)
from services.kit.migrate import migrate
from services.kit.postgres import pool
from tests.services.directory.examples import REGION, REGION_PLACE, contract, organization, source
from tests.services.directory.fakes import FakeStore
from tests.services.directory.serving import directory

__all__ = ["directory"]


@pytest.fixture
async def database(postgres):
    """A migrated database."""
    made = await postgres.database("directory")
    await migrate(made.owner_dsn, "services.directory")
    return made


@pytest.fixture(params=["fake", "postgres"])
async def kept(request):
    """What reads (`store`) and what writes (`shelf`), each as its own role; empty."""
    if request.param == "fake":
        fake = FakeStore()
        yield SimpleNamespace(
            store=fake, shelf=fake, contracts=fake, subscriptions=fake, registers=fake
        )
        return
    postgres = request.getfixturevalue("postgres")
    made = await postgres.database("directory")
    await migrate(made.owner_dsn, "services.directory")
    async with pool(made.dsn, name="test") as reading, pool(made.owner_dsn, name="test") as writing:
        yield SimpleNamespace(
            store=PostgresStore(reading),
            shelf=PostgresShelf(writing),
            contracts=PostgresContracts(reading),
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

"""A database of routing for each test, and a country over it."""

import pytest

from services.kit.postgres import pool
from tests.services.routing.batches.examples import Country


@pytest.fixture
async def connections(postgres):
    """Sessions of the service with an empty database of routing."""
    database = await postgres.migrated("routing")
    async with pool(database.dsn, name="batches", most=6) as opened:
        yield opened


@pytest.fixture
async def country(connections):
    """All that has to do with batches."""
    return Country(connections)

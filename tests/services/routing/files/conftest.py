"""A database of routing for each test, and a country over it that takes files."""

import pytest

from services.kit.postgres import pool
from tests.services.routing.files.examples import FilingCountry


@pytest.fixture
async def country(postgres):
    """All that has to do with batches and their files."""
    database = await postgres.migrated("routing")
    async with pool(database.dsn, name="files", most=6) as opened:
        yield FilingCountry(opened)

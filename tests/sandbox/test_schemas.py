"""The schemas that people read are what the migrations give."""

import pytest

from sandbox.schemas import path_of, schema_of
from services.mesh import databases


@pytest.mark.parametrize("service", databases())
async def test_the_schema_that_stands_in_the_tree_is_what_the_migrations_give(postgres, service):
    database = await postgres.database(service)

    found = await schema_of(service, database.owner_dsn)

    assert path_of(service).read_text("utf-8") == found, "make schemas"

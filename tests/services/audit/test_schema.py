"""The database is made as its migrations make it."""

import os

from services.audit.log.verification.schema import (
    describe_schema,
    expected_schema,
    split_partitions,
)
from tests.architecture.project import ROOT

WRITTEN = "services/audit/data/schema.txt"


async def test_the_description_is_that_of_the_migrations(running):
    """Written anew with CBSS_WRITE_SCHEMA=1, when a migration is added."""
    await running.record(1)
    found = await describe_schema(running.owner)
    if os.environ.get("CBSS_WRITE_SCHEMA"):
        (ROOT / WRITTEN).write_text("\n".join(found) + "\n")

    (once, [monthly]), (right, [partition]) = (
        (one, list(of.values()))
        for one, of in (split_partitions(found), split_partitions(expected_schema()))
    )
    assert once == right
    assert monthly == partition

"""Secrets, and both stores under one name."""

import json
from base64 import b64encode

import pytest

from services.audit.store import PostgresStore
from services.audit.subjects import SubjectKeys
from services.kit.migrate import migrate
from services.kit.postgres import pool
from tests.services.audit.fakes import FakeStore


def secrets(*versions, current):
    pairs = {
        str(n): {
            "hmac": b64encode(bytes([n]) * 32).decode(),
            "encryption": b64encode(bytes([100 + n]) * 32).decode(),
        }
        for n in versions
    }
    return json.dumps({"current": current, "versions": pairs})


@pytest.fixture
def subject_keys(tmp_path):
    """Makes the subject keys of some versions."""

    def made(*versions, current):
        path = tmp_path / "subject-keys.json"
        path.write_text(secrets(*versions, current=current))
        return SubjectKeys.read(path)

    return made


async def migrated(postgres):
    """A migrated database."""
    made = await postgres.database("audit")
    await migrate(made.owner_dsn, "services.audit")
    return made


@pytest.fixture
async def database(postgres):
    """A migrated database."""
    return await migrated(postgres)


@pytest.fixture(params=["fake", "postgres"])
async def store(request):
    """A store, empty."""
    if request.param == "fake":
        yield FakeStore()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as connections, PostgresStore(connections) as made:
        yield made

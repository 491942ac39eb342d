"""Secrets, and the stores, in memory and in PostgreSQL, under one name."""

import json
from base64 import b64encode
from dataclasses import dataclass

import asyncpg
import pytest

from services.audit.months import Months
from services.audit.store.months import PostgresMonths
from services.audit.store.places import PostgresPlaces
from services.audit.store.records import PostgresRecords
from services.audit.store.replacements import PostgresReplacements
from services.audit.subjects import SubjectKeys
from services.audit.usecases.trail import Trail
from services.kit.clock import utc_now
from services.kit.migrate import migrate
from services.kit.postgres import pool
from tests.services.audit.fakes import FakeMonths, FakePlaces, FakeRecords, FakeReplacements
from tests.services.audit.logs import Running


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


@dataclass(frozen=True)
class Stores:
    """All that keeps the trail."""

    records: object
    replacements: object
    months: object
    places: object


@pytest.fixture(params=["fake", "postgres"])
async def stores(request, subject_keys):
    """The stores, empty."""
    if request.param == "fake":
        months = FakeMonths()
        records = FakeRecords(months)
        yield Stores(records, FakeReplacements(), months, FakePlaces(records))
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as opened, PostgresRecords(opened) as records:
        months = Months(PostgresMonths(opened), subject_keys(1, current=1), utc_now)
        yield Stores(records, PostgresReplacements(opened), months, PostgresPlaces(opened))


@pytest.fixture
def trail_of(stores):
    """Makes the trail over the stores, under some subject keys."""

    def made(keys):
        return Trail(stores.records, stores.replacements, stores.months, keys, stores.places)

    return made


@pytest.fixture
async def running(database, subject_keys, tmp_path):
    keys = subject_keys(1, current=1)
    folder = tmp_path / "log"
    folder.mkdir()
    owner = await asyncpg.connect(database.owner_dsn)
    async with pool(database.dsn, name="audit") as opened, PostgresRecords(opened) as records:
        months = Months(PostgresMonths(opened), keys, utc_now)
        trail = Trail(records, PostgresReplacements(opened), months, keys, PostgresPlaces(opened))
        yield Running(trail, database, folder, owner)
    await owner.close()

"""The archive: all that the registry keeps in one file, and where it is not what its acts made."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.kit.postgres import pool
from services.registry.load.archive import read_archive
from services.registry.model import KeyChange, KeyStep
from services.registry.store import PostgresStore
from services.registry.wire import Travelling
from services.wire.references import decode_archive
from tests.services.directory.examples import CENTRE
from tests.services.registry.conftest import Network
from tests.services.registry.test_registry import GHENT

KEY = "7e" * 32


@pytest.fixture
async def kept(postgres):
    """A registry in PostgreSQL in which one organization is, and its database."""
    database = await postgres.migrated("registry")
    async with pool(database.dsn, name="registry") as opened:
        form = Travelling()
        network = Network(PostgresStore(opened, form), form)
        await network.admit(GHENT)
        network.dsn = database.owner_dsn
        yield network


async def test_what_acts_made_differs_in_nothing(kept):
    await kept.prepare(KeyChange(KeyStep.WITHDRAW, CENTRE, KEY))

    archive, reference = decode_archive(await read_archive(kept.dsn))

    assert list(archive.differing) == []
    assert reference.version == 2
    assert reference.organizations == (await kept.reference()).organizations
    assert [len(one.content_sha256) for one in archive.acts] == [32, 32]
    assert archive.made_at.ToDatetime(UTC) <= datetime.now(UTC)


async def test_an_organization_that_was_forged_in_the_database_is_named(kept):
    reference = await kept.reference()
    one = reference.organizations[CENTRE]
    forged = replace(one, public_key_sha256=(KEY,))
    head = kept.form.write(replace(reference, organizations={CENTRE: forged}))
    async with pool(kept.dsn, name="owner") as opened:
        await opened.execute("update head set digest = $1, content = $2", head.digest, head.content)

    archive, _ = decode_archive(await read_archive(kept.dsn))

    assert list(archive.differing) == [CENTRE.digits]


async def test_an_act_that_is_gone_is_missed(kept):
    async with pool(kept.dsn, name="owner") as opened:
        await opened.execute("delete from act")

    archive, _ = decode_archive(await read_archive(kept.dsn))

    assert list(archive.differing) == [CENTRE.digits, "snapshot"]


async def test_what_waits_for_the_trail_is_in_an_archive_of_what_is_coming(kept):
    act = await kept.prepare(KeyChange(KeyStep.ADMIT, CENTRE, KEY))
    await kept.approve(act)

    _, present = decode_archive(await read_archive(kept.dsn))
    _, coming = decode_archive(await read_archive(kept.dsn, coming=True))

    assert KEY not in present.organizations[CENTRE].public_key_sha256
    assert KEY in coming.organizations[CENTRE].public_key_sha256

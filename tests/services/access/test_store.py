"""One suite for the store in memory and the one in PostgreSQL."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from services.access.errors import AccessionOverlaps, LegalContextOwned, VersionAltered
from services.access.model import Standing
from services.access.store import document
from services.access.store.postgres import PostgresStore
from services.kit.postgres import pool
from tests.support.deliberations import FakeStore, deliberation, general


async def migrated(postgres):
    return await postgres.migrated("access")


@pytest.fixture(params=["fake", "postgres"])
async def store(request):
    """A store, empty, that may be written to."""
    if request.param == "fake":
        yield FakeStore()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.owner_dsn, name="access-load") as connections:
        yield PostgresStore(connections)


async def test_gives_back_what_was_enacted(store):
    acts = [
        deliberation(),
        document.read(
            general(
                ("17.1", "2025-02-01", None),
                number="IVC/KSZG/98/003",
                document_ref="IVC/KSZG/98/003",
                legal_contexts=["PCSW:OTHER"],
            )
        ),
    ]

    await store.enact(acts)

    assert sorted((await store.holdings()).deliberations, key=lambda one: one.number) == sorted(
        acts, key=lambda one: one.number
    )


async def test_enacting_again_changes_nothing_and_its_revision_neither(store):
    await store.enact([deliberation()])
    before = await store.revision()

    assert await store.enact([deliberation()]) == 0
    assert await store.revision() == before


async def test_loading_again_does_not_bring_back_what_was_moved_on(store):
    await store.enact([replace(deliberation(), standing=Standing.SUSPENDED)])

    await store.enact([deliberation()])

    assert [one.standing for one in (await store.holdings()).deliberations] == [Standing.SUSPENDED]


async def test_the_text_of_a_version_never_changes(store):
    await store.enact([deliberation()])

    with pytest.raises(VersionAltered):
        await store.enact([deliberation(retention_days=7)])


async def test_a_legal_context_belongs_to_one_deliberation(store):
    await store.enact([deliberation()])

    with pytest.raises(LegalContextOwned):
        await store.enact([deliberation(number="IVC/KSZG/98/002", document_ref="x")])


async def test_an_organization_accedes_once_at_a_time(store):
    twice = general(("17.1", "2025-02-01", None), ("17.1", "2026-01-01", None))

    with pytest.raises(AccessionOverlaps):
        await store.enact([document.read(twice)])


async def test_all_are_enacted_or_none(store):
    await store.enact([deliberation()])

    with pytest.raises(LegalContextOwned):
        await store.enact(
            [
                deliberation(
                    number="IVC/KSZG/98/004",
                    document_ref="IVC/KSZG/98/004",
                    legal_contexts=["PCSW:NEW"],
                ),
                deliberation(number="IVC/KSZG/98/005", document_ref="IVC/KSZG/98/005"),
            ]
        )

    assert [one.number for one in (await store.holdings()).deliberations] == [deliberation().number]


async def test_the_service_erases_nothing(postgres):
    database = await migrated(postgres)
    connection = await asyncpg.connect(database.dsn)
    try:
        for forbidden in (
            "delete from deliberation",
            "update deliberation set body = '{}'",
            "delete from accession",
            "update accession set regulation = ''",
            "delete from standing_history",
            "update standing_history set standing = 'IN_FORCE'",
            "update revision set ordinal = 1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    finally:
        await connection.close()


async def test_hears_of_changes_again_after_its_line_was_cut(postgres):
    database = await migrated(postgres)
    patience = timedelta(hours=1)
    async with (
        pool(database.owner_dsn, name="access-load") as owner,
        pool(database.dsn, name="access") as service,
        aclosing(PostgresStore(service).changes(patience)) as changes,
        asyncio.timeout(60),
    ):
        await anext(changes)
        cut = await asyncpg.connect(database.dsn)
        await cut.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query ilike 'listen%' and pid <> pg_backend_pid()"
        )
        await cut.close()
        await anext(changes)
        waiting = asyncio.create_task(anext(changes))
        await PostgresStore(owner).enact([deliberation()])
        await waiting

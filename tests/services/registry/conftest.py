"""The registry over both stores, with acts that tests prepare."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.concepts.code_lists import code_lists
from services.kit.postgres import pool
from services.registry.model import Actor
from services.registry.store import PostgresStore
from services.registry.usecases import Registry
from services.registry.wire import Travelling
from tests.services.registry.fakes import FakeStore

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BANK, COMMITTEE = Actor("bank.person"), Actor("committee.person")


class Network:
    """The registry, and short ways to lead acts through it."""

    def __init__(self, store, form):
        self.registry = Registry(store, form, code_lists(), lambda: NOW)
        self.form = form
        self._ids = iter(range(1, 1000))

    async def prepare(self, *changes, by=BANK):
        return await self.registry.prepare(UUID(int=next(self._ids)), changes, by)

    async def approve(self, act):
        return await self.registry.decide(act.act_id, COMMITTEE, approved=True)

    async def record(self):
        """What audit does: records what is decided and says so."""
        found = await self.registry.unrecorded()
        if found:
            await self.registry.confirm([one.act_id for one in found])
        return found

    async def admit(self, *changes):
        """Changes that are prepared, decided and recorded."""
        act = await self.prepare(*changes)
        await self.approve(act)
        await self.record()

    async def reference(self):
        return self.form.read(await self.registry.snapshot(b""))


@pytest.fixture(params=["fake", "postgres"])
async def network(request):
    """A registry in which nothing is yet."""
    form = Travelling()
    if request.param == "fake":
        yield Network(FakeStore(), form)
        return
    made = await request.getfixturevalue("postgres").migrated("registry")
    async with pool(made.dsn, name="test") as opened:
        yield Network(PostgresStore(opened, form), form)

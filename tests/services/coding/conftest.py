"""Coding over both stores, and short ways to lead a project through its life."""

from secrets import token_bytes
from uuid import uuid4

import pytest

from services.admission.usecases import Arrivals
from services.coding.hierarchies import hierarchies
from services.coding.keys.sealed import SealedFile
from services.coding.model import Unit
from services.coding.store import PostgresLists, PostgresProjects, PostgresRows
from services.coding.usecases import Coding, Deliveries, Keyring, Projects, Reidentifying, Today
from services.coding.usecases.granting import Granting
from services.coding.wire.plans import PlanForm
from services.kit.postgres import pool
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    BANKER,
    HANDICAPS,
    MEMBER,
    NOW,
    PLAN,
    UNIVERSITY,
    FakeAccess,
    FakeLists,
    FakeMembers,
    FakeNumbers,
    FakeReferences,
    FakeStore,
    FakeTrail,
    call,
)


class Party:
    """The third party, and short ways through the life of a project."""

    def __init__(self, store, rows, lists):
        self.trail, self.access, self.numbers = FakeTrail(), FakeAccess(), FakeNumbers()
        self.references, self.store, self.rows = FakeReferences(), store, rows
        classes = hierarchies()
        admission = Arrivals(FakeMembers(self.references), self.trail)
        granting = Granting(self.access, self.references)
        self.keyring = Keyring(SealedFile(b"m" * 32), store)
        self.projects = Projects(
            *(
                store,
                self.trail,
                self.references,
                granting,
                self.keyring,
                lambda: NOW,
                token_bytes,
                classes,
            )
        )
        self.deliveries = Deliveries(
            *(admission, self.projects, store, rows, granting, self.keyring, lambda: NOW, classes)
        )
        today, self.lists = Today(self.numbers), lists
        self.coding = Coding(admission, store, rows, granting, self.keyring, today, classes)
        self.reidentifying = Reidentifying(
            *(admission, lists, store, rows, granting, self.keyring, today, lambda: NOW)
        )

    async def request(self, plan=PLAN, by=BANKER):
        return await self.projects.request(call(), uuid4(), plan, by)

    async def approve(self, plan=PLAN):
        project = await self.request(plan)
        named = project.project_id
        await self.projects.assess(call(), named, BANKER, "", feasible=True)
        return await self.projects.decide(call(), named, MEMBER, "", approved=True)

    async def open(self, plan=PLAN):
        project = await self.approve(plan)
        return await self.projects.open(call(), project.project_id, BANKER)

    async def numbered(self, project, persons, source=BANK_OF_STATUSES):
        units = [Unit(one) for one in persons]
        answered = await self.coding.number(call(source), project.project_id, units)
        return [one.number for one in answered.units]

    async def send(self, project, rows, source=BANK_OF_STATUSES, chunk_id=None):
        """Rows by person."""
        numbers = await self.numbered(project, rows, source)
        columns = [one.name for one in project.plan.of_source(source)]
        told = list(zip(numbers, rows.values(), strict=True))
        return await self.coding.submit(
            call(source, "SubmitRows"), project.project_id, chunk_id or uuid4(), columns, told
        )

    async def send_all(self, project, persons):
        """What both sources have of persons, in groups of two at least."""
        await self.send(project, dict.fromkeys(persons, ("30-39", "1250.50")))
        await self.send(project, dict.fromkeys(persons, ("none",)), HANDICAPS)

    async def release(self, project):
        made = call(rpc="ReleaseDelivery")
        return await self.deliveries.release(made, project.project_id, BANKER)

    async def read(self, project, reader=UNIVERSITY, number=0):
        made = call(reader, "ListDeliveryRows")
        return await self.deliveries.page(made, project.project_id, number)

    async def acknowledge(self, project, digest, reader=UNIVERSITY):
        made = call(reader, "AcknowledgeDelivery")
        await self.deliveries.acknowledge(made, project.project_id, digest)


@pytest.fixture(params=["fake", "postgres"])
async def party(request):
    """The third party, with no project yet."""
    if request.param == "fake":
        store = FakeStore()
        yield Party(store, store, FakeLists(store))
        return
    made = await request.getfixturevalue("postgres").migrated("coding")
    async with pool(made.dsn, name="test") as opened:
        yield Party(
            PostgresProjects(opened, PlanForm()), PostgresRows(opened), PostgresLists(opened)
        )

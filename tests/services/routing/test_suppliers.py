"""The lines to sources: opened when first needed, closed when the catalogue has them no more."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from cbss.supplier.v1 import supplier_service_pb2 as pb

from services.concepts.status import StatusValue
from services.routing.model.endpoints import Endpoint
from services.routing.peers import suppliers
from tests.services.routing import examples as ex


class Lines:
    """Channels that are open, each answering that there is nothing; on hold until told."""

    def __init__(self):
        self.open = set()
        self.ever = []
        self.free = asyncio.Event()
        self.free.set()
        self.asked = asyncio.Event()

    @asynccontextmanager
    async def channel(self, address, *, server_name, tls, watches_health):
        self.ever.append(address)
        self.open.add(address)
        yield self
        self.open.remove(address)

    def unary_unary(self, *how, **named):
        return self.answer

    async def answer(self, request):
        self.asked.set()
        await self.free.wait()
        answers = [pb.Answer() for _ in request.questions]
        for answer, question in zip(answers, request.questions, strict=True):
            answer.ssin.ssin = question.ssin
            answer.status.value, answer.status.code = 2, "MSG00100"
        return pb.AnswerResponse(answers=answers)


@pytest.fixture
def lines(monkeypatch):
    made = Lines()
    monkeypatch.setattr(suppliers, "channel", made.channel)
    return made


@pytest.fixture
async def asking(lines):
    async with suppliers.PeerSuppliers(mesh=None, sources=None) as made:
        yield made


def source(address):
    endpoint = Endpoint(address, "source", False)
    supplier = replace(ex.first.supplier, endpoint=endpoint)
    return replace(ex.first, supplier=supplier, deadline=timedelta(seconds=30))


async def ask(asking, at):
    return await asking.ask(source(at), replace(ex.exchange, ticket=UUID(int=1)), ex.plan)


async def test_one_line_serves_all_questions_to_a_place(asking, lines):
    given = await asyncio.gather(*(ask(asking, "a:1") for _ in range(5)))

    assert {one.status.code.value for one in given} == {StatusValue.NO_DATA_FOUND}
    assert lines.ever == ["a:1"]


async def test_lines_to_places_that_went_are_closed_and_the_others_kept(asking, lines):
    for n in range(20):
        await ask(asking, f"a:{n}")
    kept = source("a:7").supplier.endpoint

    assert await asking.keep_only({kept}) == 19
    assert lines.open == {"a:7"}
    assert await asking.keep_only({kept}) == 0
    await ask(asking, "a:7")
    assert len(lines.ever) == 20


async def test_a_line_is_closed_only_when_what_was_asked_is_answered(asking, lines):
    lines.free.clear()
    asked = asyncio.create_task(ask(asking, "a:1"))
    await lines.asked.wait()
    closing = asyncio.create_task(asking.keep_only(()))
    await asyncio.sleep(0)
    assert lines.open

    lines.free.set()

    assert (await asked).status.code.value is StatusValue.NO_DATA_FOUND
    assert await closing == 1
    assert not lines.open


async def test_bodies_behind_one_institution_share_its_line_and_its_guard(asking, lines):
    institution = source("a:1").supplier
    bodies = [
        replace(ex.first, supplier=one, managing=institution)
        for one in (ex.centre, ex.second.supplier)
    ]

    given = [await asking.ask(one, ex.exchange, ex.plan) for one in bodies]

    assert {one.status.code.value for one in given} == {StatusValue.NO_DATA_FOUND}
    assert lines.ever == ["a:1"]
    assert set(asking.states()) == {institution.cbe_number}

"""What one source does never costs another: real sources over mutual TLS, counted and not timed."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import grpc
import pytest
from cbss.routing.v1 import source_service_pb2 as source_pb
from cbss.routing.v1 import source_service_pb2_grpc as source_rpc
from cbss.supplier.v1 import supplier_service_pb2 as pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as rpc

from services.kit.server import Service
from services.kit.tls import ClientTls
from services.routing.callers import CONSULT_CALLERS
from services.routing.model.endpoints import Endpoint
from services.routing.peers.suppliers import PeerSuppliers
from services.routing.rules.breaking import Bounds
from services.routing.servicer import SourceServicer
from tests.services.routing import examples as ex
from tests.support.relay import relay
from tests.support.server import served
from tests.support.waiting import until

CALLERS = {"cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"})}


class Supplier(rpc.SupplierServiceServicer):
    """A source that answers that there is nothing, holds, or says that it is away."""

    def __init__(self):
        self.asked = 0
        self.free = asyncio.Event()
        self.free.set()
        self.away = False

    async def was_asked(self, times):
        """Wait until so many questions came."""

        async def came():
            return self.asked == times

        await until(came)

    async def Answer(self, request, context):
        self.asked += len(request.questions)
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "closed today")
        await self.free.wait()
        answers = [pb.Answer() for _ in request.questions]
        for answer, question in zip(answers, request.questions, strict=True):
            answer.ssin.ssin = question.ssin
            answer.status.value, answer.status.code = 2, "MSG00100"
        return pb.AnswerResponse(answers=answers)


class Line:
    """The network to a source, which can be cut."""

    def __init__(self, port):
        self.port = port
        self.opened = 0
        self._writers = set()

    async def __call__(self, reader, writer):
        self.opened += 1
        self._writers.add(writer)
        await relay(self.port, reader, writer)

    def cut(self):
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


class Sources:
    """Sources that serve, and routing's way to them."""

    def __init__(self, folder, authority, asking, stack):
        self.folder, self.authority, self.asking, self.stack = folder, authority, asking, stack

    async def serve(self, example):
        """A source that serves, its supplier, and the network between."""
        supplier = Supplier()
        service = Service(
            rpc.add_SupplierServiceServicer_to_server,
            supplier,
            pb.DESCRIPTOR.services_by_name["SupplierService"],
        )
        name = example.source_code.lower()
        folder = self.folder / name
        folder.mkdir()
        running = await self.stack.enter_async_context(
            served(folder, self.authority, [service], CALLERS, name="source")
        )
        line = Line(running.port)
        listening = await asyncio.start_server(line, "127.0.0.1", 0)
        self.stack.push_async_callback(listening.wait_closed)
        self.stack.callback(listening.close)
        self.stack.callback(line.cut)
        address = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        there = replace(example.supplier, endpoint=Endpoint(address, "source", False))
        source = replace(example, supplier=there, deadline=timedelta(seconds=30))
        return supplier, source, line

    async def ask(self, source):
        given = await self.asking.ask(source, replace(ex.exchange, ticket=UUID(int=1)), ex.plan)
        return given.trouble or given.status.code.code


@asynccontextmanager
async def made(folder, authority, bounds):
    files = authority.files(folder, authority.workload("routing"), "routing")
    tls = ClientTls.of(files)
    async with AsyncExitStack() as stack:
        asking = PeerSuppliers(mesh=tls, sources=tls, bounds=bounds)
        sources = Sources(folder, authority, asking, stack)
        stack.push_async_exit(asking)
        yield sources


@pytest.fixture
async def sources(tmp_path, authority):
    bounds = Bounds(questions=5, looked_at=4, failed=4, pause=timedelta(hours=1))
    async with made(tmp_path, authority, bounds) as opened:
        yield opened


async def test_a_source_that_hangs_holds_so_many_questions_and_the_others_answer(sources):
    slow, hanging, _ = await sources.serve(ex.first)
    fast, answering, _ = await sources.serve(ex.second)
    slow.free.clear()
    asked = [asyncio.create_task(sources.ask(hanging)) for _ in range(20)]
    await slow.was_asked(5)

    answered = [await sources.ask(answering) for _ in range(20)]

    assert answered == ["MSG00100"] * 20
    assert fast.asked == 20
    assert slow.asked == 5
    slow.free.set()
    outcomes = await asyncio.gather(*asked)
    assert sorted(outcomes) == ["MSG00100"] * 5 + ["SOURCE_BUSY"] * 15


async def test_a_source_that_fails_too_often_is_not_asked_for_a_while(sources):
    supplier, source, _ = await sources.serve(ex.first)
    supplier.away = True

    outcomes = [await sources.ask(source) for _ in range(7)]

    assert outcomes == ["PEER_UNAVAILABLE"] * 4 + ["SOURCE_AWAY"] * 3
    assert supplier.asked == 4


async def test_what_a_source_says_itself_is_not_asked_again_on_the_same_connection(sources):
    supplier, source, line = await sources.serve(ex.first)
    supplier.away = True

    assert await sources.ask(source) == "PEER_UNAVAILABLE"

    assert (supplier.asked, line.opened) == (1, 1)


async def test_a_question_whose_connection_is_lost_is_asked_once_more_over_another(sources):
    supplier, source, line = await sources.serve(ex.first)
    supplier.free.clear()
    asked = asyncio.create_task(sources.ask(source))
    await supplier.was_asked(1)

    line.cut()
    await supplier.was_asked(2)
    supplier.free.set()

    assert await asked == "MSG00100"
    assert line.opened == 2


async def test_a_question_whose_connection_is_lost_twice_is_a_technical_error(sources):
    supplier, source, line = await sources.serve(ex.first)
    supplier.free.clear()
    asked = asyncio.create_task(sources.ask(source))
    for times in (1, 2):
        await supplier.was_asked(times)
        line.cut()

    assert await asked == "PEER_UNAVAILABLE"
    assert supplier.asked == 2


async def test_who_gives_a_source_too_little_time_learns_nothing_of_it(sources):
    supplier, source, _ = await sources.serve(ex.first)
    supplier.free.clear()
    asked = [asyncio.create_task(sources.ask(source)) for _ in range(5)]
    await supplier.was_asked(5)

    for one in asked:
        one.cancel()
    await asyncio.wait(asked)

    guard = sources.asking.states()[source.supplier.cbe_number]
    assert (guard.waiting, guard.failed, guard.answered) == (0, 0, 0)
    supplier.free.set()
    assert await sources.ask(source) == "MSG00100"


async def test_an_operator_reads_how_the_sources_fare(sources, tmp_path, authority):
    supplier, source, _ = await sources.serve(ex.first)
    supplier.away = True
    for _ in range(5):
        await sources.ask(source)
    service = Service(
        source_rpc.add_SourceServiceServicer_to_server,
        SourceServicer(sources.asking.states, asyncio.get_running_loop().time),
        source_pb.DESCRIPTOR.services_by_name["SourceService"],
    )
    async with served(tmp_path, authority, [service], CONSULT_CALLERS, name="routing") as running:
        operator = source_rpc.SourceServiceStub(await running.channel("operator"))
        told = await operator.ListSourceStates(source_pb.ListSourceStatesRequest())
        gateway = source_rpc.SourceServiceStub(await running.raw(authority.workload("gateway")))
        with pytest.raises(grpc.aio.AioRpcError, match="PERMISSION_DENIED"):
            await gateway.ListSourceStates(source_pb.ListSourceStatesRequest())

    (state,) = told.sources
    assert state.cbe_number == ex.FIRST.digits
    assert state.circuit == source_pb.CIRCUIT_OPEN
    assert (state.waiting_count, state.waiting_limit) == (0, 5)
    assert (state.answered_count, state.failed_count, state.refused_count) == (0, 4, 1)
    assert state.HasField("tried_again_in")


async def test_a_list_is_answered_as_if_each_of_it_were_alone(sources):
    supplier, source, _ = await sources.serve(ex.first)

    given = await sources.asking.ask_all(source, [(ex.exchange, ex.plan)] * 7)

    assert [one.trouble or one.status.code.code for one in given] == [
        *["MSG00100"] * 5,
        *["SOURCE_BUSY"] * 2,
    ]
    assert supplier.asked == 5
    assert sources.asking.states()[source.asked.cbe_number].waiting == 0


async def test_a_list_whose_source_is_away_is_a_trouble_of_each_and_leaves_it_alone(sources):
    supplier, source, _ = await sources.serve(ex.first)
    supplier.away = True

    first = await sources.asking.ask_all(source, [(ex.exchange, ex.plan)] * 4)
    then = await sources.asking.ask_all(source, [(ex.exchange, ex.plan)])

    assert {one.trouble for one in first} == {"PEER_UNAVAILABLE"}
    assert [one.trouble for one in then] == ["SOURCE_AWAY"]


async def test_a_list_that_is_given_up_blames_nobody_and_holds_nothing(sources):
    supplier, source, _ = await sources.serve(ex.first)
    supplier.free.clear()
    asking = asyncio.create_task(sources.asking.ask_all(source, [(ex.exchange, ex.plan)] * 4))
    await supplier.was_asked(4)
    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    state = sources.asking.states()[source.asked.cbe_number]
    assert (state.waiting, state.failed) == (0, 0)
    supplier.free.set()

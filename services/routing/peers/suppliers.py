"""Authentic sources: `cbss.supplier.v1`, one channel and one queue for each.

Nothing that goes wrong at a source leaves this module as an exception: it is that source's answer.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from time import monotonic
from typing import Self

import structlog
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc
from prometheus_client import Counter, Gauge, Histogram

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import DeadlineSpent, Failure
from services.kit.channels import channel
from services.kit.clock import remaining, within
from services.kit.coalesce import Coalescer
from services.kit.errors import PeerUnavailable
from services.kit.names import DURATION_BUCKETS
from services.kit.tls import ClientTls
from services.routing.model import ContractSource, Exchange, Plan, SourceAnswer
from services.routing.model.endpoints import Endpoint
from services.routing.rules import answers
from services.routing.rules.breaking import Bounds, Guard
from services.routing.usecases.settling import settle
from services.routing.wire.suppliers import decode_reply, encode_question

MARGIN = timedelta(milliseconds=50)
"""What is kept of the exchange's own deadline to record the outcome."""

SOURCE_SECONDS = Histogram(
    "cbss_routing_source_seconds",
    "How long sources took to answer, or to fail, by the number of the supplier.",
    ["supplier"],
    buckets=DURATION_BUCKETS,
)
SOURCE_FAILURES = Counter(
    "cbss_routing_source_failures",
    "Answers that sources failed to give, by the number of the supplier and the reason.",
    ["supplier", "reason"],
)

SOURCE_QUESTIONS = Gauge(
    "cbss_routing_source_questions",
    "Questions that wait for an answer of a source, by the number of the supplier.",
    ["supplier"],
)
SOURCE_CIRCUIT = Gauge(
    "cbss_routing_source_circuit",
    "Whether a source is asked: 1 yes, 2 left alone for a while, 3 tried again.",
    ["supplier"],
)

Queue = Coalescer[supplier_pb.Question, supplier_pb.Answer]
Line = tuple[Endpoint, EnterpriseNumber]
"""To a source, at a place."""
USUAL_BOUNDS = Bounds()
log = structlog.get_logger()


class PeerSuppliers:
    """Asks suppliers; opens the channel to one when it is first needed, and closes it when the
    catalogue no longer has it."""

    def __init__(
        self, *, mesh: ClientTls, sources: ClientTls, bounds: Bounds = USUAL_BOUNDS
    ) -> None:
        self._mesh = mesh
        self._sources = sources
        self._bounds = bounds
        self._lines: dict[Line, tuple[Queue, AsyncExitStack]] = {}
        self._guards: dict[EnterpriseNumber, Guard] = {}

    def states(self) -> Mapping[EnterpriseNumber, Guard]:
        """How each source fares that was asked, as this process knows it."""
        return self._guards

    async def keep_only(self, endpoints: Collection[Endpoint]) -> int:
        """Close the lines to all other places, once what was asked there is answered; how many."""
        gone = [self._lines.pop(one) for one in [*self._lines] if one[0] not in endpoints]
        await asyncio.gather(*(opened.aclose() for _, opened in gone))
        return len(gone)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self.keep_only(())

    async def ask(self, source: ContractSource, exchange: Exchange, plan: Plan) -> SourceAnswer:
        """What one source answers, judged and cut."""
        started = monotonic()
        number = source.asked.cbe_number
        guard = self._guards.setdefault(number, Guard(self._bounds))
        if why := guard.enter(started):
            given = answers.failed_answer(source, timedelta(), why)
        else:
            given = await self._guarded(guard, source, exchange, plan, started)
            SOURCE_SECONDS.labels(number.digits).observe(monotonic() - started)
        _show(number, guard)
        return _told(number, exchange, given)

    async def ask_all(
        self, source: ContractSource, asked: Sequence[tuple[Exchange, Plan]]
    ) -> list[SourceAnswer]:
        """What one source answers to each of a list, as if it were alone; within one deadline."""
        started, number = monotonic(), source.asked.cbe_number
        guard = self._guards.setdefault(number, Guard(self._bounds))
        refused = [guard.enter(started) for _ in asked]
        let_through = [one for one, why in zip(asked, refused, strict=True) if not why]
        bound = _bound(source.deadline)
        try:
            _show(number, guard)
            with within(bound):
                queue = await self._queue(source)
                replies = await settle(
                    [
                        queue(encode_question(exchange, plan, source))
                        for exchange, plan in let_through
                    ]
                )
        except Failure as fault:
            replies = [fault] * len(let_through)
        except BaseException:
            for _ in let_through:
                guard.leave(monotonic(), None)
            raise
        given = iter(
            [
                self._settled(guard, source, of, reply, started, bound)
                for of, reply in zip(let_through, replies, strict=True)
            ]
        )
        _show(number, guard)
        return [
            _told(number, asked[place][0], answers.failed_answer(source, timedelta(), why))
            if why
            else _told(number, asked[place][0], next(given))
            for place, why in enumerate(refused)
        ]

    def _settled(
        self,
        guard: Guard,
        source: ContractSource,
        of: tuple[Exchange, Plan],
        reply: supplier_pb.Answer | Failure,
        started: float,
        bound: timedelta,
    ) -> SourceAnswer:
        """An answer of a list, judged; its guard learns whether it was one."""
        exchange, plan = of
        now = monotonic()
        SOURCE_SECONDS.labels(source.asked.cbe_number.digits).observe(now - started)
        if isinstance(reply, Failure):
            guard.leave(now, _blames(reply, source, bound))
            return answers.failed_answer(source, _since(started), reply.reason())
        guard.leave(now, True)
        return answers.judge(
            decode_reply(reply), source, exchange.question.subject, plan, _since(started)
        )

    async def _guarded(
        self,
        guard: Guard,
        source: ContractSource,
        exchange: Exchange,
        plan: Plan,
        started: float,
    ) -> SourceAnswer:
        """What the source answers; its guard learns whether it did."""
        bound = _bound(source.deadline)
        good: bool | None = None
        try:
            _show(source.asked.cbe_number, guard)
            with within(bound):
                queue = await self._queue(source)
                answer = await queue(encode_question(exchange, plan, source))
            good = True
        except Failure as fault:
            good = _blames(fault, source, bound)
            return answers.failed_answer(source, _since(started), fault.reason())
        finally:
            guard.leave(monotonic(), good)
        subject = exchange.question.subject
        return answers.judge(decode_reply(answer), source, subject, plan, _since(started))

    async def _queue(self, source: ContractSource) -> Queue:
        endpoint = source.asked.endpoint
        if endpoint is None:
            raise PeerUnavailable
        # One for each source, also where several are reached at the same place.
        line = endpoint, source.asked.cbe_number
        known = self._lines.get(line)
        if known is None:
            # Opening does not give way, so nobody opens the same line meanwhile.
            known = self._lines[line] = await self._open(*line)
        return known[0]

    async def _open(
        self, endpoint: Endpoint, supplier: EnterpriseNumber
    ) -> tuple[Queue, AsyncExitStack]:
        opened = AsyncExitStack()
        tls = self._mesh if endpoint.in_mesh else self._sources
        line = await opened.enter_async_context(
            channel(
                endpoint.address,
                server_name=endpoint.server_name,
                tls=tls,
                # An institution's server need not say how it is.
                watches_health=endpoint.in_mesh,
            )
        )
        return await opened.enter_async_context(_coalescer(line, supplier)), opened


def _told(number: EnterpriseNumber, exchange: Exchange, given: SourceAnswer) -> SourceAnswer:
    """The answer; that it is none is counted and logged."""
    if given.trouble:
        SOURCE_FAILURES.labels(number.digits, given.trouble).inc()
        ticket = str(exchange.ticket)
        log.warning("source failed", supplier=number.digits, reason=given.trouble, ticket=ticket)
    return given


def _blames(fault: Failure, source: ContractSource, bound: timedelta) -> bool | None:
    """Whether the source failed: who gave it less time than it may take learns nothing of it."""
    return None if isinstance(fault, DeadlineSpent) and bound < source.deadline else False


def _show(number: EnterpriseNumber, guard: Guard) -> None:
    SOURCE_QUESTIONS.labels(number.digits).set(guard.waiting)
    SOURCE_CIRCUIT.labels(number.digits).set(guard.circuit.value)


def _coalescer(line: object, supplier: EnterpriseNumber) -> Queue:
    stub = supplier_rpc.SupplierServiceStub(line)

    async def answer_all(questions: Sequence[supplier_pb.Question]) -> list[supplier_pb.Answer]:
        request = supplier_pb.AnswerRequest(
            questions=questions, supplier_cbe_number=supplier.digits
        )
        response = await stub.Answer(request)
        return list(response.answers)

    return Coalescer(answer_all)


def _bound(deadline: timedelta) -> timedelta:
    left = remaining()
    return deadline if left is None else max(min(deadline, left - MARGIN), timedelta())


def _since(started: float) -> timedelta:
    return timedelta(seconds=monotonic() - started)

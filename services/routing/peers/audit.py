"""Putting in writing: `cbss.audit.v1`. A call that returns means durable.

An exchange that is given up, by its client, by its deadline or by a fault, has an ending too.
Nobody waits for that: it is written beside the calls, again and again while the trail is away.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from datetime import timedelta
from typing import Self
from uuid import UUID

import structlog
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.concepts.decision import Deliberation
from services.concepts.failures import DeadlineSpent, Failure, Internal
from services.concepts.period import Period
from services.kit.clock import Clock, remaining
from services.kit.coalesce import Coalescer
from services.routing.model import (
    ContractSource,
    Exchange,
    Outcome,
    Party,
    Plan,
    Refusal,
    SourceAnswer,
)
from services.wire import values

CANCELED = "CANCELED"
"""Why an exchange ended whose client left."""
TICK = timedelta(milliseconds=2)
"""How much earlier than the deadline the end of a call can come that is owed to it."""
PATIENCE = timedelta(minutes=2)
"""How long the ending of an exchange that was given up waits for a trail that is away."""
PAUSE = timedelta(seconds=1)
FAREWELL = timedelta(seconds=5)
"""How long a process that stops waits for such endings."""
MOST_ENDINGS = 10_000
"""How many may wait; what comes on top is only said in the log."""

log = structlog.get_logger()


class PeerTrail:
    """Records exchanges, many in one call."""

    def __init__(
        self,
        stub: audit_rpc.AuditServiceStub,
        *,
        new_id: Callable[[], UUID],
        now: Clock,
        pause: timedelta = PAUSE,
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now
        self._record = Coalescer(self._record_all)
        self._pause = pause
        self._endings: set[asyncio.Task[None]] = set()

    async def intend(self, exchange: Exchange, party: Party, plan: Plan) -> None:
        """Record that sources will be asked."""
        record = self._of(exchange, record_pb.EXCHANGE_STAGE_INTENT, record_pb.VERDICT_PERMIT)
        _name(record, party)
        _ground(record, plan.granted.deliberation, plan.granted.snapshot_version)
        for source in plan.asked:
            record.sources.add(supplier_cbe_number=source.supplier.cbe_number.digits)
        await self._record(record)

    async def conclude(self, outcome: Outcome, plan: Plan) -> None:
        """Record how an exchange ended that sources were asked for."""
        exchange = outcome.exchange
        record = self._ending(exchange)
        _name(record, outcome.party)
        _ground(record, plan.granted.deliberation, plan.granted.snapshot_version)
        record.status_value = values.status_value(outcome.status.code.value)
        record.status_code = outcome.status.code.code
        record.filtered_elements.extend(outcome.cut)
        # Who was not asked, because it does not know the person, is no source of anything.
        record.sources.extend(_leg(one) for one in outcome.answers if one.source in plan.asked)
        await self._record(record)

    def abandon(
        self,
        exchange: Exchange,
        party: Party,
        plan: Plan,
        fault: BaseException,
        asked: Sequence[ContractSource],
    ) -> None:
        """Record, when that can be, that an exchange ended without an answer.

        If its outcome was on the way to the trail already, the trail keeps the first of the two.
        """
        record = self._ending(exchange)
        _name(record, party)
        _ground(record, plan.granted.deliberation, plan.granted.snapshot_version)
        record.reason = reason = _reason(fault)
        for source in asked:
            record.sources.add(supplier_cbe_number=source.supplier.cbe_number.digits)
        if len(self._endings) >= MOST_ENDINGS:
            log.error("ending not recorded", ticket=record.ticket_cbss, reason=reason)
            return
        # In a context of its own: the deadline of the call that is over does not count.
        task = asyncio.get_running_loop().create_task(self._record_late(record), context=Context())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def _record_late(self, record: record_pb.ExchangeRecord) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE.total_seconds()
        while True:
            try:
                return await self._record(record)
            except Failure as away:
                if loop.time() >= until:
                    why, ticket = away.reason(), record.ticket_cbss
                    log.error("ending not recorded", ticket=ticket, reason=why)
                    return None
            await asyncio.sleep(self._pause.total_seconds())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        if self._endings:
            await asyncio.wait(self._endings, timeout=FAREWELL.total_seconds())
        for late in self._endings:
            late.cancel()

    async def refuse(self, exchange: Exchange, party: Party, refusal: Refusal) -> None:
        """Record that an exchange ended with a refusal."""
        record = self._of(exchange, record_pb.EXCHANGE_STAGE_REFUSAL, record_pb.VERDICT_DENY)
        _name(record, party)
        _ground(record, refusal.deliberation, refusal.snapshot_version)
        record.reason = refusal.because
        record.status_value = values.status_value(refusal.status.code.value)
        record.status_code = refusal.status.code.code
        await self._record(record)

    async def turn_away(self, exchange: Exchange, failure: Failure) -> None:
        """Record that a call was refused before it became an exchange."""
        record = self._of(exchange, record_pb.EXCHANGE_STAGE_REFUSAL, record_pb.VERDICT_DENY)
        record.reason = failure.reason()
        await self._record(record)

    async def _record_all(self, records: Sequence[record_pb.ExchangeRecord]) -> list[None]:
        await self._stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))
        return [None] * len(records)

    def _ending(self, exchange: Exchange) -> record_pb.ExchangeRecord:
        record = self._of(exchange, record_pb.EXCHANGE_STAGE_OUTCOME, record_pb.VERDICT_PERMIT)
        record.record_id = str(exchange.ending)
        return record

    def _of(
        self, exchange: Exchange, stage: record_pb.ExchangeStage, verdict: record_pb.Verdict
    ) -> record_pb.ExchangeRecord:
        question, certificate = exchange.question, exchange.certificate
        caller = certificate.organization
        return record_pb.ExchangeRecord(
            record_id=str(self._new_id()),
            ticket_cbss=str(exchange.ticket),
            stage=stage,
            occurred_at=values.instant(self._now()),
            rpc=exchange.rpc,
            customer_ticket=question.head.ticket,
            client_certificate_sha256=certificate.certificate_sha256,
            caller_cbe_number="" if caller is None else caller.digits,
            subject_ssin="" if question.ssin is None else question.ssin.digits,
            data_contract=question.contract.code,
            contract_version=question.contract.version,
            legal_context=question.head.legal_context,
            period=values.span(question.period) if isinstance(question.period, Period) else None,
            verdict=verdict,
            received_at=values.instant(exchange.received_at),
            trace_id=exchange.trace_id,
            user_id="" if question.head.user is None else question.head.user.text,
        )


def _name(record: record_pb.ExchangeRecord, party: Party) -> None:
    record.customer_cbe_number = party.customer.cbe_number.digits


def _ground(
    record: record_pb.ExchangeRecord, deliberation: Deliberation | None, snapshot: str
) -> None:
    record.snapshot_version = snapshot
    if deliberation is not None:
        record.deliberation_number = deliberation.number
        record.deliberation_version = deliberation.version


def _leg(given: SourceAnswer) -> record_pb.SourceLeg:
    return record_pb.SourceLeg(
        supplier_cbe_number=given.source.supplier.cbe_number.digits,
        supplier_ticket=given.ticket,
        status_value=values.status_value(given.status.code.value),
        status_code=given.status.code.code,
        duration_microseconds=int(given.duration.total_seconds() * 1e6),
    )


def _reason(fault: BaseException) -> str:
    """Why an exchange ended without an answer, as the trail says it."""
    if isinstance(fault, Failure):
        return fault.reason()
    if isinstance(fault, asyncio.CancelledError):
        # gRPC ends a call when its client leaves, and when the time that the client gave is over.
        left = remaining()
        return CANCELED if left is None or left > TICK else DeadlineSpent().reason()
    return Internal().reason()

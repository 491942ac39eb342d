"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Sequence
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.concepts.decision import Deliberation
from services.concepts.failures import Failure
from services.concepts.period import Period
from services.kit.clock import Clock
from services.kit.coalesce import Coalescer
from services.routing.model import (
    Exchange,
    Outcome,
    Party,
    Plan,
    Refusal,
    SourceAnswer,
)
from services.wire import values


class PeerTrail:
    """Records exchanges, many in one call."""

    def __init__(
        self, stub: audit_rpc.AuditServiceStub, *, new_id: Callable[[], UUID], now: Clock
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now
        self._record = Coalescer(self._record_all)

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
        record = self._of(exchange, record_pb.EXCHANGE_STAGE_OUTCOME, record_pb.VERDICT_PERMIT)
        _name(record, outcome.party)
        _ground(record, plan.granted.deliberation, plan.granted.snapshot_version)
        record.status_value = values.status_value(outcome.status.code.value)
        record.status_code = outcome.status.code.code
        record.filtered_elements.extend(outcome.cut)
        record.sources.extend(_leg(given) for given in outcome.answers)
        await self._record(record)

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

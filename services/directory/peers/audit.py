"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Sequence
from typing import cast
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.concepts.decision import Denied
from services.directory.model import Entry, Granted
from services.kit.clock import Clock
from services.kit.coalesce import Coalescer
from services.wire import values


class PeerTrail:
    """Records entries, many in one call."""

    def __init__(
        self, stub: audit_rpc.AuditServiceStub, *, new_id: Callable[[], UUID], now: Clock
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now
        self._record: Coalescer[record_pb.ExchangeRecord, None] = Coalescer(self._record_all)

    async def record(self, entry: Entry) -> None:
        """Record one entry."""
        await self._record(self._of(entry))

    async def _record_all(self, records: Sequence[record_pb.ExchangeRecord]) -> list[None]:
        await self._stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))
        return [None] * len(records)

    def _of(self, entry: Entry) -> record_pb.ExchangeRecord:
        call, head, caller = entry.call, entry.head, entry.call.certificate.organization
        record = record_pb.ExchangeRecord(
            record_id=str(self._new_id()),
            ticket_cbss=str(call.ticket),
            stage=cast("record_pb.ExchangeStage", entry.stage.value),
            occurred_at=values.instant(self._now()),
            rpc=call.rpc,
            customer_ticket="" if head is None else head.ticket,
            client_certificate_sha256=call.certificate.certificate_sha256,
            caller_cbe_number="" if caller is None else caller.digits,
            subject_ssin="" if entry.person is None else entry.person.digits,
            legal_context="" if head is None else head.legal_context,
            period=None if entry.period is None else values.span(entry.period),
            verdict=record_pb.VERDICT_PERMIT if entry.permitted else record_pb.VERDICT_DENY,
            reason=entry.reason,
            reading_reason=entry.reading_reason,
            received_at=values.instant(call.received_at),
            trace_id=call.trace_id,
            user_id="" if head is None or head.user is None else head.user.text,
        )
        if entry.party is not None:
            record.customer_cbe_number = entry.party.customer.cbe_number.digits
        if entry.contract is not None:
            record.data_contract = entry.contract.code
            record.contract_version = entry.contract.version
        if entry.status is not None:
            record.status_value = values.status_value(entry.status.code.value)
            record.status_code = entry.status.code.code
        _ground(record, entry.decision)
        return record


def _ground(record: record_pb.ExchangeRecord, decision: Granted | Denied | None) -> None:
    if decision is None:
        return
    record.snapshot_version = decision.snapshot_version
    if decision.deliberation is not None:
        record.deliberation_number = decision.deliberation.number
        record.deliberation_version = decision.deliberation.version

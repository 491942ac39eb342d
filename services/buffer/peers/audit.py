"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Sequence
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.buffer.model import Reading
from services.concepts.citizen import OWN_RIGHT
from services.concepts.status import status
from services.kit.clock import Clock
from services.kit.coalesce import Coalescer
from services.wire import values


class PeerTrail:
    """Records readings, many in one call."""

    def __init__(
        self, stub: audit_rpc.AuditServiceStub, *, new_id: Callable[[], UUID], now: Clock
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now
        self._record: Coalescer[record_pb.ExchangeRecord, None] = Coalescer(self._record_all)

    async def record(self, reading: Reading) -> None:
        """Record one reading. The card is left out: its digest would name the citizen in plain."""
        refused, call = bool(reading.refusal), reading.call
        record = record_pb.ExchangeRecord(
            record_id=str(self._new_id()),
            ticket_cbss=str(call.ticket),
            stage=record_pb.EXCHANGE_STAGE_REFUSAL if refused else record_pb.EXCHANGE_STAGE_OUTCOME,
            verdict=record_pb.VERDICT_DENY if refused else record_pb.VERDICT_PERMIT,
            rpc=call.rpc,
            subject_ssin="" if reading.person is None else reading.person.digits,
            reason=reading.refusal,
            reading_reason="" if refused else OWN_RIGHT,
            trace_id=call.trace_id,
        )
        if not refused:
            told = status("MSG00000" if reading.has_found else "MSG00100").code
            record.status_value, record.status_code = values.status_value(told.value), told.code
        record.received_at.FromDatetime(call.received_at)
        record.occurred_at.FromDatetime(self._now())
        await self._record(record)

    async def _record_all(self, records: Sequence[record_pb.ExchangeRecord]) -> list[None]:
        await self._stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))
        return [None] * len(records)

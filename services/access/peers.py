"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.access.model import ActVersion, Request
from services.concepts.failures import Failure
from services.kit.clock import Clock


class PeerTrail:
    """Records steps with deliberations."""

    def __init__(
        self, stub: audit_rpc.AuditServiceStub, *, new_id: Callable[[], UUID], now: Clock
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now

    async def record(self, request: Request, act: ActVersion, refused: Failure | None) -> None:
        """Record that a step is taken, or why it is not; the request is the ticket."""
        record = record_pb.ExchangeRecord(
            record_id=str(self._new_id()),
            ticket_cbss=str(request.request_id),
            stage=record_pb.EXCHANGE_STAGE_ACT,
            rpc=request.rpc,
            operator=request.operator,
            deliberation_number=act.number,
            deliberation_version=act.version,
            verdict=record_pb.VERDICT_DENY if refused else record_pb.VERDICT_PERMIT,
            reason=refused.reason() if refused else "",
        )
        record.occurred_at.FromDatetime(self._now())
        await self._stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=[record]))

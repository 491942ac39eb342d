"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from dataclasses import dataclass

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from google.protobuf import timestamp_pb2

from services.identification.model.replacements import Replacement


@dataclass(frozen=True)
class PeerReplacements:
    """Tells the trail which number is to be found with which."""

    stub: audit_rpc.AuditServiceStub

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make it durable; telling it again changes nothing."""
        occurred_at = timestamp_pb2.Timestamp()
        occurred_at.FromDatetime(replacement.occurred_at)
        await self.stub.RecordReplacement(
            audit_pb.RecordReplacementRequest(
                event_id=str(replacement.event_id),
                ssin=replacement.ssin.digits,
                replaced_by=replacement.replaced_by.digits,
                occurred_at=occurred_at,
            )
        )

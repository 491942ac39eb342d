"""Telling the trail what was replaced: `cbss.audit.v1`."""

from dataclasses import dataclass

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc

from services.identification.model.replacements import Replacement
from services.wire.values import encode_instant


@dataclass(frozen=True)
class PeerReplacements:
    """Tells the trail which number is to be found with which."""

    stub: audit_rpc.AuditServiceStub

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make it durable; telling it again changes nothing."""
        await self.stub.RecordReplacement(
            audit_pb.RecordReplacementRequest(
                event_id=str(replacement.event_id),
                ssin=replacement.ssin.digits,
                replaced_by=replacement.replaced_by.digits,
                occurred_at=encode_instant(replacement.occurred_at),
            )
        )

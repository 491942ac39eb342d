"""What became of numbers: `cbss.identification.v1`."""

from dataclasses import dataclass

from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.buffer.model import Replacement
from services.concepts.ssin import parse_ssin


@dataclass(frozen=True)
class PeerReplacements:
    """Reads the feed of replacements."""

    stub: identification_rpc.IdentificationServiceStub

    async def after(self, sequence: int) -> list[Replacement]:
        """The next replacements, in order; none when all have been read."""
        response = await self.stub.ListReplacements(
            identification_pb.ListReplacementsRequest(after_sequence=sequence)
        )
        return [
            Replacement(one.sequence, parse_ssin(one.ssin), parse_ssin(one.replaced_by))
            for one in response.replacements
        ]

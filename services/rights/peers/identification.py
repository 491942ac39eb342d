"""What became of numbers: `cbss.identification.v1`."""

from dataclasses import dataclass

from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.ssin import Ssin, parse_ssin
from services.rights.model.people import Replacement
from services.wire import ssins


@dataclass(frozen=True)
class PeerNumbers:
    """Asks identification."""

    stub: identification_rpc.IdentificationServiceStub

    async def current(self, person: Ssin) -> Ssin:
        """The number that a person has today."""
        request = ssins.encode_resolve_ssins_request([person])
        (found,) = ssins.decode_resolved(await self.stub.ResolveSsins(request))
        return found.replaced_by or person

    async def after(self, sequence: int) -> list[Replacement]:
        """The next replacements, in order; none when all have been read."""
        response = await self.stub.ListReplacements(
            identification_pb.ListReplacementsRequest(after_sequence=sequence)
        )
        return [
            Replacement(one.sequence, parse_ssin(one.ssin), parse_ssin(one.replaced_by))
            for one in response.replacements
        ]

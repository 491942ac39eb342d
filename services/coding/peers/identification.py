"""What became of the numbers of persons: `cbss.identification.v1`."""

from collections.abc import Sequence
from dataclasses import dataclass

from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.wire import ssins

MOST = 1000
"""How many numbers identification takes in one call."""


@dataclass(frozen=True)
class PeerNumbers:
    """Asks identification, list after list."""

    stub: identification_rpc.IdentificationServiceStub

    async def resolve(self, persons: Sequence[Ssin]) -> list[ResolvedSsin]:
        """What became of each, in order."""
        found: list[ResolvedSsin] = []
        for first in range(0, len(persons), MOST):
            request = ssins.encode_resolve_ssins_request(persons[first : first + MOST])
            found += ssins.decode_resolved(await self.stub.ResolveSsins(request))
        return found

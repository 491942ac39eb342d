"""What became of a number: `cbss.identification.v1`."""

from collections.abc import Sequence

from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.kit.coalesce import Coalescer
from services.wire import ssins


class PeerIdentification:
    """Asks identification, many numbers in one call."""

    def __init__(self, stub: identification_rpc.IdentificationServiceStub) -> None:
        self._stub = stub
        self.resolve = Coalescer(self._resolve_all)

    async def _resolve_all(self, asked: Sequence[Ssin]) -> list[ResolvedSsin]:
        return ssins.decode_resolved(
            await self._stub.ResolveSsins(ssins.encode_resolve_ssins_request(asked))
        )

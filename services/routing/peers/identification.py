"""What became of a number: `cbss.identification.v1`."""

from collections.abc import Sequence

from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.resolved_enterprise import ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber
from services.kit.coalesce import Coalescer
from services.routing.wire import enterprises
from services.wire import ssins


class PeerIdentification:
    """Asks identification, many numbers in one call."""

    def __init__(self, stub: identification_rpc.IdentificationServiceStub) -> None:
        self._stub = stub
        self.resolve = Coalescer(self._resolve_all)
        self.resolve_enterprise = Coalescer(self._resolve_all_enterprises)

    async def _resolve_all(self, asked: Sequence[Ssin]) -> list[ResolvedSsin]:
        return ssins.decode_resolved(
            await self._stub.ResolveSsins(ssins.encode_resolve_ssins_request(asked))
        )

    async def _resolve_all_enterprises(
        self, asked: Sequence[CbeNumber]
    ) -> list[ResolvedEnterprise]:
        return enterprises.decode_resolved(
            await self._stub.ResolveEnterprises(
                enterprises.encode_resolve_enterprises_request(asked)
            )
        )

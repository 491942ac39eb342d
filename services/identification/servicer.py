"""The RPCs of identification: decode, call, encode."""

from dataclasses import dataclass

import grpc.aio
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.identification import wire
from services.identification.usecases import Identification

Context = grpc.aio.ServicerContext[pb.ResolveSsinsRequest, pb.ResolveSsinsResponse]


@dataclass(frozen=True)
class IdentificationServicer(rpc.IdentificationServiceServicer):  # type: ignore[misc]
    """Serves `cbss.identification.v1.IdentificationService`."""

    identification: Identification

    async def ResolveSsins(
        self, request: pb.ResolveSsinsRequest, context: Context
    ) -> pb.ResolveSsinsResponse:
        ssins = wire.ssins(request)
        return wire.resolved(await self.identification.resolve_ssins(ssins))

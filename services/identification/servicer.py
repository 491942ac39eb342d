"""The RPCs of identification: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.identification.usecases.numbers import Identification
from services.identification.usecases.replacements import Replacements
from services.identification.wire import numbers, replacements

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class IdentificationServicer(rpc.IdentificationServiceServicer):  # type: ignore[misc]
    """Serves `cbss.identification.v1.IdentificationService`."""

    identification: Identification
    replacements: Replacements

    async def ResolveSsins(
        self, request: pb.ResolveSsinsRequest, context: Context
    ) -> pb.ResolveSsinsResponse:
        ssins = numbers.ssins(request)
        return numbers.resolved(await self.identification.resolve_ssins(ssins))

    async def ListReplacements(
        self, request: pb.ListReplacementsRequest, context: Context
    ) -> pb.ListReplacementsResponse:
        after, most = replacements.page(request)
        return replacements.listed(await self.replacements.list_replacements(after, most))

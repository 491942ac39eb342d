"""The RPCs of attaching: decode, call, encode."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.routing.v1 import attach_service_pb2 as pb
from cbss.routing.v1 import attach_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.wire import Calls
from services.kit import caller
from services.routing.attaching import wire
from services.routing.attaching.usecases import Asked, Attachments

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class AttachServicer(rpc.AttachServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.AttachService`, to sources."""

    attachments: Attachments
    calls: Calls

    async def Attach(
        self, requests: AsyncIterator[pb.AttachRequest], context: Context
    ) -> AsyncIterator[pb.AttachResponse]:
        opening = await wire.decode_opening(requests)
        call = self.calls.of("Attach", caller.current(), opening.information_customer, None)
        heard, credit = wire.decode_heard(requests), wire.decode_credit(opening)
        async with aclosing(self.attachments.attach(call, credit, heard)) as told:
            async for one in told:
                yield wire.encode_told(one)


@dataclass(frozen=True)
class AttachedSupplierServicer(supplier_rpc.SupplierServiceServicer):  # type: ignore[misc]
    """Serves `cbss.supplier.v1.SupplierService`, to routing, for all sources that attach."""

    asked: Asked

    async def Answer(
        self, request: supplier_pb.AnswerRequest, context: Context
    ) -> supplier_pb.AnswerResponse:
        source, questions = wire.decode_asked(request)
        answers = await self.asked.answers(source, questions, handed_on=request.handed_on)
        return wire.encode_answers(answers)

"""The RPCs of rights, and those of a supplier: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.rights.v1 import rights_service_pb2 as pb
from cbss.rights.v1 import rights_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.wire import Calls
from services.kit import caller
from services.rights.model.law import Law
from services.rights.usecases import Citizens, Rights
from services.rights.wire import citizens, questions
from services.rights.wire.questions import Answers
from services.wire.citizens import decode_citizen

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class RightsServicer(rpc.RightsServiceServicer):  # type: ignore[misc]
    """Serves `cbss.rights.v1.RightsService`."""

    citizens: Citizens
    law: Law
    calls: Calls

    async def ListMyRights(
        self, request: pb.ListMyRightsRequest, context: Context
    ) -> pb.ListMyRightsResponse:
        calling = caller.current()
        call, asking = self.calls.made("ListMyRights", calling), decode_citizen(calling)
        day = citizens.decode_day(request, self.calls.today())
        told = await self.citizens.list_my_rights(call, asking, day)
        return citizens.encode_list_my_rights(self.law, call, told)

    async def WhatIf(self, request: pb.WhatIfRequest, context: Context) -> pb.WhatIfResponse:
        calling = caller.current()
        call, asking = self.calls.made("WhatIf", calling), decode_citizen(calling)
        today = self.calls.today()
        day = citizens.decode_day(request, today)
        supposed = citizens.decode_supposed(request, today)
        told = await self.citizens.what_if(call, asking, day, supposed)
        return citizens.encode_what_if(self.law, call, told)


@dataclass(frozen=True)
class SupplierServicer(supplier_rpc.SupplierServiceServicer):  # type: ignore[misc]
    """Serves `cbss.supplier.v1.SupplierService`."""

    rights: Rights
    answers: Answers

    async def Answer(
        self, request: supplier_pb.AnswerRequest, context: Context
    ) -> supplier_pb.AnswerResponse:
        received_at, asked = self.answers.now(), questions.decode_questions(request)
        return self.answers.encode_response(request, received_at, await self.rights.answer(asked))

"""The RPCs of the buffer, and those of a supplier: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.wire import Calls
from services.buffer.citizens import words
from services.buffer.purging import Purging
from services.buffer.usecases import Buffer, Citizens
from services.buffer.wire import answers, citizens, feeds, keeping, neighbourhoods
from services.buffer.wire.answers import Answers
from services.kit import caller
from services.kit.paging import PageTokens
from services.wire.citizens import decode_citizen

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class BufferServicer(rpc.BufferServiceServicer):  # type: ignore[misc]
    """Serves `cbss.buffer.v1.BufferService`."""

    buffer: Buffer
    citizens: Citizens
    purging: Purging
    tokens: PageTokens
    calls: Calls

    async def ListFeeds(
        self, request: pb.ListFeedsRequest, context: Context
    ) -> pb.ListFeedsResponse:
        asking, most = caller.current(), feeds.decode_page_size(request)
        page = await self.buffer.list_feeds(
            feeds.decode_position(self.tokens, request, asking), most
        )
        return feeds.encode_list_feeds(self.tokens, asking, page)

    async def CheckKept(
        self, request: pb.CheckKeptRequest, context: Context
    ) -> pb.CheckKeptResponse:
        asking, most = caller.current(), keeping.decode_most(request)
        looked = await self.purging.check(keeping.decode_after(self.tokens, request, asking), most)
        return keeping.encode_check_kept(self.tokens, asking, looked, most)

    async def ListMyFacts(
        self, request: pb.ListMyFactsRequest, context: Context
    ) -> pb.ListMyFactsResponse:
        calling = caller.current()
        call, asking = self.calls.made("ListMyFacts", calling), decode_citizen(calling)
        after = citizens.decode_position(self.tokens, request, asking)
        most = feeds.decode_page_size(request)
        page = await self.citizens.list_my_facts(call, asking, after, most)
        return citizens.encode_list_my_facts(self.tokens, call, asking, page, words())

    async def ListNeighbourhoods(
        self, request: pb.ListNeighbourhoodsRequest, context: Context
    ) -> pb.ListNeighbourhoodsResponse:
        persons = neighbourhoods.decode_persons(request)
        return neighbourhoods.encode_list_neighbourhoods(
            await self.buffer.list_neighbourhoods(persons)
        )


@dataclass(frozen=True)
class SupplierServicer(supplier_rpc.SupplierServiceServicer):  # type: ignore[misc]
    """Serves `cbss.supplier.v1.SupplierService`."""

    buffer: Buffer
    answers: Answers

    async def Answer(
        self, request: supplier_pb.AnswerRequest, context: Context
    ) -> supplier_pb.AnswerResponse:
        received_at, questions = self.answers.now(), answers.decode_questions(request)
        results = await self.buffer.answer(questions)
        return self.answers.encode_response(request, received_at, results)

"""The RPCs of batches: decode, call, encode."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc.aio
from cbss.common.v1 import information_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc

from services.admission.model import Call
from services.admission.wire import Calls
from services.kit import caller
from services.kit.paging import PageTokens
from services.routing.batches import wire
from services.routing.batches.usecases.reading import Readings
from services.routing.batches.usecases.submitting import Submissions

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class BatchServicer(rpc.BatchServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.BatchService`."""

    submissions: Submissions
    readings: Readings
    tokens: PageTokens
    calls: Calls
    now: Callable[[], datetime]

    async def SubmitBatch(
        self, requests: AsyncIterator[pb.SubmitBatchRequest], context: Context
    ) -> pb.SubmitBatchResponse:
        order, items = await wire.decode_submission(requests, self.calls, caller.current())
        came = await self.submissions.submit(order, items)
        return wire.encode_submit_response(order.call, came, self.now())

    async def GetBatch(self, request: pb.GetBatchRequest, context: Context) -> pb.GetBatchResponse:
        call = self._call(request.information_customer, "GetBatch")
        batch = await self.readings.get(call, wire.decode_batch_id(request.batch_id))
        return pb.GetBatchResponse(batch=wire.encode_batch(batch, self.now()))

    async def ListBatches(
        self, request: pb.ListBatchesRequest, context: Context
    ) -> pb.ListBatchesResponse:
        call = self._call(request.information_customer, "ListBatches")
        before = wire.decode_before(self.tokens, request, call)
        most = wire.decode_batches_size(request)
        page = await self.readings.list_latest(call, before, most)
        return wire.encode_list_batches_response(self.tokens, call, page, most, self.now())

    async def ListBatchResults(
        self, request: pb.ListBatchResultsRequest, context: Context
    ) -> pb.ListBatchResultsResponse:
        call = self._call(request.information_customer, "ListBatchResults")
        batch_id, place = (
            wire.decode_batch_id(request.batch_id),
            wire.decode_place(self.tokens, request, call),
        )
        most = wire.decode_results_size(request)
        read = await self.readings.list_results(call, batch_id, place, most)
        return wire.encode_results_response(self.tokens, call, request, read, self.now())

    async def StreamBatchResults(
        self, request: pb.StreamBatchResultsRequest, context: Context
    ) -> AsyncIterator[pb.StreamBatchResultsResponse]:
        call = self._call(request.information_customer, "StreamBatchResults")
        batch_id = wire.decode_batch_id(request.batch_id)
        pages = self.readings.stream_results(call, batch_id, request.from_position)
        async with aclosing(pages):
            async for read in pages:
                yield wire.encode_stream_response(read, self.now())

    async def CancelBatch(
        self, request: pb.CancelBatchRequest, context: Context
    ) -> pb.CancelBatchResponse:
        call = self._call(request.information_customer, "CancelBatch")
        batch = await self.readings.cancel(call, wire.decode_batch_id(request.batch_id))
        return pb.CancelBatchResponse(batch=wire.encode_batch(batch, self.now()))

    def _call(self, information: information_pb2.InformationCustomer, name: str) -> Call:
        return self.calls.of(name, caller.current(), information, None)

"""The RPCs of files: decode, call, encode."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc.aio
from cbss.routing.v1 import batch_file_service_pb2 as pb
from cbss.routing.v1 import batch_file_service_pb2_grpc as rpc

from services.admission.wire import Calls
from services.kit import caller
from services.routing.batches.wire import decode_batch_id
from services.routing.files import wire
from services.routing.files.usecases.giving import ResultFiles
from services.routing.files.usecases.taking import Filings

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class BatchFileServicer(rpc.BatchFileServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.BatchFileService`."""

    filings: Filings
    results: ResultFiles
    calls: Calls
    now: Callable[[], datetime]

    async def SubmitBatchFile(
        self, requests: AsyncIterator[pb.SubmitBatchFileRequest], context: Context
    ) -> pb.SubmitBatchFileResponse:
        call, voucher, content = await wire.decode_submission(
            requests, self.calls, caller.current()
        )
        file, is_repeat = await self.filings.submit(call, voucher, content)
        return wire.encode_submit_response(call, file, is_repeat, self.now())

    async def GetBatchFile(
        self, request: pb.GetBatchFileRequest, context: Context
    ) -> pb.GetBatchFileResponse:
        told = request.information_customer
        call = self.calls.of("GetBatchFile", caller.current(), told, None)
        file = await self.filings.get(call, *wire.decode_key(request))
        return pb.GetBatchFileResponse(file=wire.encode_file(file, self.now()))

    async def StreamResultFile(
        self, request: pb.StreamResultFileRequest, context: Context
    ) -> AsyncIterator[pb.StreamResultFileResponse]:
        told = request.information_customer
        call = self.calls.of("StreamResultFile", caller.current(), told, None)
        batch_id = decode_batch_id(request.batch_id)
        parts = self.results.stream(call, batch_id, request.from_byte)
        async with aclosing(parts):
            async for part in parts:
                yield wire.encode_stream_response(part, self.now())

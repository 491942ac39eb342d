"""The RPCs of push: decode, call, encode."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import grpc.aio
from cbss.common.v1 import information_pb2
from cbss.routing.v1 import notice_service_pb2 as pb
from cbss.routing.v1 import notice_service_pb2_grpc as rpc

from services.admission.model import Call
from services.kit import caller, trace
from services.kit.paging import PageTokens
from services.routing.notices import wire
from services.routing.notices.usecases.delivering import Deliveries
from services.routing.notices.usecases.publishing import Publications
from services.routing.notices.wire import events

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class NoticeServicer(rpc.NoticeServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.NoticeService`."""

    publications: Publications
    deliveries: Deliveries
    tokens: PageTokens
    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    async def Publish(self, request: pb.PublishRequest, context: Context) -> pb.PublishResponse:
        call = self._call(request.information_customer, "Publish")
        outcomes = await self.publications.publish(events.decode_publication(request, call))
        return events.encode_publish_response(request, call, outcomes, self.now())

    async def ListNotices(
        self, request: pb.ListNoticesRequest, context: Context
    ) -> pb.ListNoticesResponse:
        call = self._call(request.information_customer, "ListNotices")
        after = wire.decode_resume_token(self.tokens, request.resume_token, call)
        most = wire.decode_page_size(request)
        page, place = await self.deliveries.list_waiting(call, after, most)
        return wire.encode_list_notices_response(self.tokens, call, page, place, self.now())

    async def WatchNotices(
        self, request: pb.WatchNoticesRequest, context: Context
    ) -> AsyncIterator[pb.WatchNoticesResponse]:
        call = self._call(request.information_customer, "WatchNotices")
        after = wire.decode_resume_token(self.tokens, request.resume_token, call)
        async with aclosing(self.deliveries.watch(call, after)) as pages:
            async for page in pages:
                yield wire.encode_watch_notices_response(self.tokens, call, page)

    async def AcknowledgeNotices(
        self, request: pb.AcknowledgeNoticesRequest, context: Context
    ) -> pb.AcknowledgeNoticesResponse:
        call = self._call(request.information_customer, "AcknowledgeNotices")
        count = await self.deliveries.acknowledge(call, wire.decode_notice_ids(request))
        return pb.AcknowledgeNoticesResponse(acknowledged_count=count)

    def _call(self, information: information_pb2.InformationCustomer, name: str) -> Call:
        return wire.decode_call(
            information, caller.current(), name, self.new_ticket(), self.now(), trace.trace_id()
        )

"""The RPCs of routing: decode, call, encode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import grpc.aio
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc
from cbss.routing.v1 import source_service_pb2 as source_pb
from cbss.routing.v1 import source_service_pb2_grpc as source_rpc

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit import caller, clock, logs, trace
from services.kit.paging import PageTokens
from services.routing.batches.deferred import decode_deferred, encode_answer
from services.routing.batches.usecases.deferring import Deferrals
from services.routing.rules.breaking import Guard
from services.routing.wire import pages, questions, sources

Context = grpc.aio.ServicerContext[pb.ConsultRequest, pb.ConsultResponse]


@dataclass(frozen=True)
class RoutingServicer(rpc.RoutingServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.RoutingService`."""

    deferrals: Deferrals
    tokens: PageTokens
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]

    async def Consult(self, request: pb.ConsultRequest, context: Context) -> pb.ConsultResponse:
        now, calling = self.now(), caller.current()
        exchange = questions.decode_exchange(
            request,
            calling,
            self.new_id,
            now,
            clock.belgian_day(now),
            trace.trace_id(),
            pages.decode_page(self.tokens, request, calling),
        )
        logs.TICKET.set(str(exchange.ticket))
        came = await self.deferrals.answer(
            exchange,
            questions.decode_results_action(request),
            lambda: decode_deferred(request, exchange, self.new_id()),
        )
        page = partial(pages.encode_page, self.tokens, request, calling)
        return encode_answer(request, exchange, came, page, self.now())


@dataclass(frozen=True)
class SourceServicer(source_rpc.SourceServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.SourceService`."""

    states: Callable[[], Mapping[EnterpriseNumber, Guard]]
    timer: Callable[[], float]

    async def ListSourceStates(
        self, request: source_pb.ListSourceStatesRequest, context: object
    ) -> source_pb.ListSourceStatesResponse:
        return sources.encode_states(self.states(), self.timer())

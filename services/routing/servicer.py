"""The RPCs of routing: decode, call, encode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import grpc.aio
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc
from cbss.routing.v1 import source_service_pb2 as source_pb
from cbss.routing.v1 import source_service_pb2_grpc as source_rpc

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit import caller, clock, logs, trace
from services.kit.paging import PageTokens
from services.routing.rules.breaking import Guard
from services.routing.usecases import Consultations
from services.routing.wire import outcomes, pages, questions, sources

Context = grpc.aio.ServicerContext[pb.ConsultRequest, pb.ConsultResponse]


@dataclass(frozen=True)
class RoutingServicer(rpc.RoutingServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.RoutingService`."""

    consultations: Consultations
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
        outcome = await self.consultations.consult(exchange)
        next_page = pages.encode_page(self.tokens, request, calling, outcome.answers)
        return outcomes.encode_consult_response(request, outcome, next_page)


@dataclass(frozen=True)
class SourceServicer(source_rpc.SourceServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.SourceService`."""

    states: Callable[[], Mapping[EnterpriseNumber, Guard]]
    timer: Callable[[], float]

    async def ListSourceStates(
        self, request: source_pb.ListSourceStatesRequest, context: object
    ) -> source_pb.ListSourceStatesResponse:
        return sources.encode_states(self.states(), self.timer())

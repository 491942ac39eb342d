"""The RPCs of routing: decode, call, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import grpc.aio
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc

from services.kit import caller, clock, logs, trace
from services.kit.paging import PageTokens
from services.routing.usecases import Consultations
from services.routing.wire import outcomes, pages, questions

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

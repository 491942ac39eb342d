"""The RPCs of routing: decode, call, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import grpc.aio
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc

from services.kit import caller, clock, logs, trace
from services.routing.usecases import Consultations
from services.routing.wire import outcomes, questions

Context = grpc.aio.ServicerContext[pb.ConsultRequest, pb.ConsultResponse]


@dataclass(frozen=True)
class RoutingServicer(rpc.RoutingServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.RoutingService`."""

    consultations: Consultations
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]

    async def Consult(self, request: pb.ConsultRequest, context: Context) -> pb.ConsultResponse:
        now = self.now()
        exchange = questions.decode_exchange(
            request,
            caller.current(),
            self.new_id,
            now,
            clock.belgian_day(now),
            trace.trace_id(),
        )
        logs.TICKET.set(str(exchange.ticket))
        return outcomes.encode_consult_response(request, await self.consultations.consult(exchange))

"""A consultation as a batch of one, and what takes it, in the process that consults."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import asyncpg
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import routing_service_pb2 as pb

from services.kit.postgres import pool
from services.routing.batches import wire
from services.routing.batches.model import Deferred, Item, Order
from services.routing.batches.usecases.submitting import Submissions
from services.routing.model import Exchange, Outcome, SourceAnswer
from services.routing.wire import outcomes
from services.wire import values


def decode_deferred(
    request: pb.ConsultRequest, exchange: Exchange, batch_id: UUID
) -> tuple[Order, Item]:
    """The batch of one that asks what a request asks."""
    header = batch_pb2.BatchHeader(
        information_customer=request.information_customer,
        legal_context=request.legal_context,
        data_contract=request.data_contract,
        contract_version=request.contract_version,
    )
    for name in ("date", "period", "criteria"):
        if request.HasField(name):
            getattr(header, name).CopyFrom(getattr(request, name))
    told = batch_pb2.BatchItem(ssin=request.ssin, cbe_number=request.cbe_number)
    call = replace(exchange.call, ticket=batch_id)
    return wire.decode_order(header, call), wire.decode_item(told, 0)


def encode_answer(
    request: pb.ConsultRequest,
    exchange: Exchange,
    came: Outcome | Deferred,
    next_page: Callable[[Sequence[SourceAnswer]], str],
    now: datetime,
) -> pb.ConsultResponse:
    """The answer to a request; if it comes in a batch, which one, or why it does not."""
    if isinstance(came, Outcome):
        return outcomes.encode_consult_response(request, came, next_page(came.answers))
    if came.outcome is None:
        response = outcomes.encode_echo(request, exchange, came.submitted.status, now)
    else:
        response = outcomes.encode_consult_response(request, came.outcome)
        response.status.CopyFrom(values.encode_status(came.submitted.status))
    if came.submitted.batch is not None:
        response.batch_id = str(came.submitted.batch.batch_id)
    return response


@dataclass
class Opening:
    """Opens what takes batches when it is first wanted: to consult, no database is needed."""

    opened: AsyncExitStack
    dsn: str
    make: Callable[[asyncpg.Pool], Submissions]
    _made: Submissions | None = None
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def submissions(self) -> Submissions:
        """What takes batches; StoreUnavailable if its database is away."""
        async with self._making:
            if self._made is None:
                enter = self.opened.enter_async_context
                connections = await enter(pool(self.dsn, name="deferrals", most=2))
                self._made = self.make(connections)
        return self._made

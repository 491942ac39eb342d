"""Telling of batches: how far they are, their results in order; and giving them up."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.admission.model import Admitted, Call, Entry, Stage
from services.admission.usecases import Arrivals
from services.concepts.decision import Denied
from services.concepts.period import Period
from services.concepts.status import status
from services.kit.clock import belgian_day
from services.routing.batches.model import (
    Batch,
    Bounds,
    Order,
    Reading,
    ResultPage,
)
from services.routing.batches.usecases import ports
from services.routing.errors import BatchUnknown, StreamEnded, WatchesSpent
from services.routing.model import OnboardedOrganization
from services.routing.notices.usecases.delivering import Streams

MOST_BYTES = 768 * 1024
"""How large a page of results may be, so that every client takes it."""
IN_A_MESSAGE = 500
"""How many results a message of a stream holds."""
CANCELED = "CANCELED"
"""Why a batch ended that its customer gave up."""


@dataclass(frozen=True)
class Readings:
    """Tells customers of their batches."""

    admission: Arrivals[OnboardedOrganization]
    access: ports.Access
    trail: ports.Trail
    store: ports.Desk
    forms: ports.Forms
    wakeups: ports.Wakeups
    bounds: Bounds
    streams: Streams
    now: Callable[[], datetime]
    kept: timedelta
    """How long the results of a batch are kept that was given up."""

    async def get(self, call: Call, batch_id: UUID) -> Batch:
        """How far a batch has come; BatchUnknown if it is not the customer's."""
        return await self._owned(await self.admission.known(call), batch_id)

    async def list_latest(self, call: Call, before: UUID | None, most: int) -> list[Batch]:
        """The customer's batches, the latest first."""
        admitted = await self.admission.known(call)
        return await self.store.latest(admitted.customer.cbe_number, before, most)

    async def list_results(self, call: Call, batch_id: UUID, position: int, most: int) -> Reading:
        """A page of results, if they may still be read."""
        return await self._read(await self.admission.known(call), batch_id, position, most)

    async def stream_results(
        self, call: Call, batch_id: UUID, position: int
    ) -> AsyncGenerator[Reading, None]:
        """The results that are there, then the others as they come, to the last."""
        await self._owned(await self.admission.known(call), batch_id)
        if self.streams.open >= self.bounds.streams:
            raise WatchesSpent(retry_after=self.bounds.heartbeat)
        self.streams.count(1)
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + self.bounds.life.total_seconds() * random.uniform(0.8, 1.2)  # noqa: S311
        heartbeat: timedelta | None = self.bounds.heartbeat
        try:
            async with self.wakeups.waiter(str(batch_id)) as woken:
                while True:
                    woken.clear()
                    if self.streams.ending or loop.time() >= ends_at:
                        raise StreamEnded(retry_after=timedelta(0))
                    # Who may read is asked again each time.
                    admitted = await self.admission.known(call)
                    read = await self._read(admitted, batch_id, position, IN_A_MESSAGE)
                    yield replace(read, heartbeat=heartbeat)
                    position, heartbeat = read.page.next_position, None
                    if not read.page.has_more:
                        return
                    if not read.page.results:
                        await self.streams.pause(woken, self.bounds.heartbeat)
        finally:
            self.streams.count(-1)

    async def cancel(self, call: Call, batch_id: UUID) -> Batch:
        """Give a batch up: what was not begun is not done any more."""
        admitted = await self.admission.known(call)
        batch = await self._owned(admitted, batch_id)
        if not batch.state.is_final:
            order = self.forms.decode_order(await self.store.order(batch_id))
            headed = self._entry(order, admitted, Stage.OUTCOME)
            await self.trail.head(replace(headed, persons=batch.item_count, reason=CANCELED))
            if await self.store.cancel(batch_id, self.kept):
                self.wakeups.announce({str(batch_id)})
            batch = await self._owned(admitted, batch_id)
        return batch

    async def _read(
        self,
        admitted: Admitted[OnboardedOrganization],
        batch_id: UUID,
        position: int,
        most: int,
    ) -> Reading:
        batch = await self._owned(admitted, batch_id)
        order = self.forms.decode_order(await self.store.order(batch_id))
        question, day = order.question, belgian_day(self.now())
        asked = question.period if isinstance(question.period, Period) else Period(day, day)
        verdict = await self.access.check(admitted.party, question, asked, day)
        if isinstance(verdict, Denied):
            told = status("MSG00013")
            refused = replace(
                self._entry(order, admitted, Stage.REFUSAL), decision=verdict, status=told
            )
            refused = replace(refused, call=replace(admitted.call, head=question.head))
            await self.admission.record(refused.refused(verdict.because))
            return Reading(told, batch, ResultPage((), position, has_more=False))
        page = await self.store.results(batch, position, most, MOST_BYTES)
        return Reading(status("MSG00000"), batch, page)

    async def _owned(self, admitted: Admitted[OnboardedOrganization], batch_id: UUID) -> Batch:
        batch = await self.store.find(admitted.customer.cbe_number, batch_id)
        if batch is None:
            raise BatchUnknown
        return batch

    def _entry(
        self, order: Order, admitted: Admitted[OnboardedOrganization], stage: Stage
    ) -> Entry:
        of_batch = replace(admitted, call=order.call, contract=order.question.contract)
        return of_batch.entry(stage)

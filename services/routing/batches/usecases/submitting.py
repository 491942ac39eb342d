"""Taking a batch: who asks and whether he may, then items as they come, then all of it at once."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.admission.model import Admitted, Entry, Stage
from services.admission.usecases import Arrivals
from services.concepts.decision import Denied
from services.concepts.failures import invalid
from services.concepts.period import Period
from services.concepts.status import status
from services.kit.errors import TicketReused
from services.routing.batches import rules
from services.routing.batches.model import MOST_ITEMS, Batch, Item, Order, Submitted
from services.routing.batches.usecases import ports
from services.routing.model import OnboardedOrganization, Refusal
from services.routing.model.findings import Granted
from services.routing.rules import planning

TAKEN = "CBSS00001"
"""The status of a batch that was taken."""


@dataclass(frozen=True)
class Submissions:
    """Takes batches from institutions."""

    admission: Arrivals[OnboardedOrganization]
    access: ports.Access
    catalogues: ports.Catalogues
    trail: ports.Trail
    store: ports.Intake
    forms: ports.Forms
    seal: ports.Seal
    wakeups: ports.Wakeups
    now: Callable[[], datetime]
    chunk: int
    """How many items are worked on together."""

    async def submit(self, order: Order, items: AsyncIterator[Sequence[Item]]) -> Submitted:
        """What became of a batch; once taken it is durable and whole."""
        admitted = await self.admission.known(order.call, order.question.contract)
        decision = await self._decide(order, admitted)
        if isinstance(decision, Refusal):
            refused = replace(
                _entry(order, admitted, Stage.REFUSAL), decision=decision, status=decision.status
            )
            await self.admission.record(refused.refused(decision.because))
            return Submitted(decision.status)
        customer = admitted.customer.cbe_number
        before = await self.store.find_ticket(customer, order.ticket)
        if before is not None:
            return await self._repeat(before, order, items)
        await self.store.begin(order, self.forms.encode_order(order), customer)
        try:
            return await self._take(order, admitted, decision, items)
        except BaseException:
            # Nothing half taken; what this cannot reach the sweep forgets.
            await self.store.discard(order.batch_id)
            raise

    async def _decide(
        self, order: Order, admitted: Admitted[OnboardedOrganization]
    ) -> Granted | Refusal:
        question, day = order.question, order.call.day
        asked = question.period if isinstance(question.period, Period) else Period(day, day)
        verdict = await self.access.check(admitted.party, question, asked, day)
        refusal = planning.refuse_question(question, self.catalogues.current(), verdict)
        if refusal is not None:
            return refusal
        assert not isinstance(verdict, Denied)
        return verdict

    async def _take(
        self,
        order: Order,
        admitted: Admitted[OnboardedOrganization],
        granted: Granted,
        items: AsyncIterator[Sequence[Item]],
    ) -> Submitted:
        digest, first = self.seal.digest(order), 0
        size = rules.chunk_size(self.chunk, granted.hourly_quota)
        waiting: list[Item] = []
        async for some in check_count(items):
            digest.add(some)
            waiting += some
            while len(waiting) >= size:
                await self.store.add_items(order.batch_id, first, waiting[:size])
                first += size
                del waiting[:size]
        if waiting:
            await self.store.add_items(order.batch_id, first, waiting)
        count = first + len(waiting)
        headed = replace(
            _entry(order, admitted, Stage.INTENT),
            decision=granted,
            persons=count,
        )
        await self.trail.head(headed)
        now = self.now()
        due_at = rules.due_at(now, order.term)
        value = digest.value()
        taken = await self.store.accept(order.batch_id, value, count, now, due_at, order.file)
        batch = await self.store.find_ticket(admitted.customer.cbe_number, order.ticket)
        assert batch is not None
        if not taken:
            await self.store.discard(order.batch_id)
        self.wakeups.announce({ports.WORK})
        return _submitted(batch, value, is_repeat=not taken)

    async def _repeat(
        self, before: Batch, order: Order, items: AsyncIterator[Sequence[Item]]
    ) -> Submitted:
        digest = self.seal.digest(order)
        async for some in check_count(items):
            digest.add(some)
        return _submitted(before, digest.value(), is_repeat=True)


async def check_count(items: AsyncIterator[Sequence[Item]]) -> AsyncIterator[Sequence[Item]]:
    """Items as they come: some, and not too many."""
    count = 0
    async for some in items:
        count += len(some)
        if count > MOST_ITEMS:
            raise invalid("items", f"must be at most {MOST_ITEMS}")
        yield some
    if not count:
        raise invalid("items", "must be at least one")


def _submitted(batch: Batch, digest: bytes, *, is_repeat: bool) -> Submitted:
    if batch.digest != digest:
        raise TicketReused
    return Submitted(status(TAKEN), batch, is_repeat)


def _entry(order: Order, admitted: Admitted[OnboardedOrganization], stage: Stage) -> Entry:
    period = order.question.period
    return admitted.entry(stage, period=period if isinstance(period, Period) else None)

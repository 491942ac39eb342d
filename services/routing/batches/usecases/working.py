"""Working on batches: a chunk at a time, each item with the checks and records of a consultation.

No source is asked unless the trail holds what heads the batch. What the sources said is kept before
the trail gets its line for each person, so that whoever is killed in between, the next goes on
where it was. Only then can it be read.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import structlog

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Entry, Stage
from services.concepts.failures import Failure
from services.concepts.period import Period
from services.concepts.status import status
from services.kit.clock import belgian_day, within
from services.routing.batches import rules
from services.routing.batches.model import Answered, Batch, Chunk, Order
from services.routing.batches.usecases import ports
from services.routing.batches.usecases.asking import Asking
from services.routing.errors import VolumeSpent
from services.routing.model import Exchange, Outcome, Party, Plan, Refusal
from services.routing.model.findings import Granted
from services.routing.rules import answers
from services.routing.usecases import Exchanges, next_hour

log = structlog.get_logger()


class SourcesAway(Exception):
    """Sources were not there that may well be there later, and there is time."""


@dataclass(frozen=True)
class Limits:
    """What bounds the work."""

    lease: timedelta
    """How long a chunk is held without a sign of life."""
    patience: timedelta
    """How long a chunk may take."""
    pause: timedelta
    """How long a chunk rests after a peer was away."""
    kept: timedelta
    """How long results are kept."""


@dataclass(frozen=True)
class Works:
    """Works on chunks of batches."""

    catalogues: ports.Catalogues
    members: ports.Members
    exchanges: Exchanges
    asking: Asking
    trail: ports.Trail
    quota: ports.Quota
    store: ports.Bench
    forms: ports.Forms
    wakeups: ports.Wakeups
    limits: Limits
    now: Callable[[], datetime]
    count: Callable[[Order, str, int], None] = lambda _order, _code, _items: None
    """Told how many items ended with a status."""
    _known: dict[UUID, Order] = field(default_factory=dict)

    async def step(self) -> bool:
        """Work on one chunk; whether there was one."""
        chunk = await self.store.take(self.limits.lease)
        if chunk is None:
            for batch in await self.store.worked_off():
                await self._close(batch)
            return False
        try:
            with within(self.limits.patience):
                await self._held(chunk, self._work(chunk))
        except asyncio.CancelledError:
            # Asked to stop: others go on with it at once.
            await asyncio.shield(self.store.release(chunk, timedelta(0)))
            raise
        except VolumeSpent as spent:
            pause = spent.retry_after or self.limits.pause
            log.info("batch waits for the next hour", batch=str(chunk.batch_id))
            await self.store.release(chunk, pause)
        except SourcesAway:
            log.info("batch waits for sources", batch=str(chunk.batch_id), attempt=chunk.attempt)
            await self.store.release(chunk, rules.rest(chunk, self.limits.pause))
        except (OrganizationUnknown, CustomerNotTheCaller) as gone:
            await self._stop(chunk, gone)
        except Failure as away:
            log.warning("chunk put back", batch=str(chunk.batch_id), reason=away.reason())
            await self.store.release(chunk, self.limits.pause)
        return True

    async def _held(self, chunk: Chunk, work: Coroutine[Any, Any, None]) -> None:
        """Do work while the lease is held; without it nothing goes on."""
        working = asyncio.ensure_future(work)
        holding = asyncio.ensure_future(self._hold(chunk))
        try:
            await asyncio.wait({working, holding}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                log.warning("lease lost", batch=str(chunk.batch_id), attempt=chunk.attempt)
                working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        finally:
            for task in (working, holding):
                task.cancel()
            await asyncio.wait({working, holding})

    async def _hold(self, chunk: Chunk) -> None:
        """Renew the lease until it is lost."""
        while True:
            await asyncio.sleep(self.limits.lease.total_seconds() / 3)
            with suppress(Failure):
                if not await self.store.renew(chunk, self.limits.lease):
                    return

    async def _work(self, chunk: Chunk) -> None:
        order = await self._order(chunk.batch_id)
        answered: Answered | None = None
        if chunk.records is None:
            if len(chunk.items) == 1 or not rules.is_suspect(chunk):
                answered = await self._answer(chunk, order)
            if answered is None:
                await self.store.divide(chunk, len(rules.halves(chunk.items)[0]))
                return
            if not await self.store.answer(chunk, answered):
                return
        await self.trail.conclude(answered.records if answered else chunk.records or ())
        batch = await self.store.finish(chunk)
        if batch is None:
            return
        for code, count in answered.counts.items() if answered else ():
            self.count(order, code, count)
        if batch.is_worked_off:
            await self._close(batch)
        self.wakeups.announce({str(chunk.batch_id)})

    async def _answer(self, chunk: Chunk, order: Order) -> Answered | None:
        """What came of the items; nothing if they are to be divided.

        That is when they are more than an hour will ever allow, or when the sources of some of them
        were not there, for which the others need not wait.
        """
        catalogue = self.asking.patient(self.catalogues.current())
        party = await self.members.party(order.call)
        exchanges = exchanges_of(chunk, order, self.now())
        if rules.is_suspect(chunk):
            log.error("item given up", batch=str(chunk.batch_id), position=chunk.first)
            return self._given_up(chunk, exchanges, party)
        decisions = await self.exchanges.decide_all(exchanges, party, catalogue)
        asked = {
            chunk.first + n: decision
            for n, decision in enumerate(decisions)
            if isinstance(decision, Plan)
        }
        if asked:
            granted = next(iter(asked.values())).granted
            if 0 < granted.hourly_quota < len(asked):
                return None
            await self._spend(order, party, granted, list(asked))
            # The trail has it since the batch was taken: now it is seen to be there.
            headed = self._headed(order, Stage.INTENT, chunk.batch_count)
            await self.trail.head(replace(headed, party=party, decision=granted))
        outcomes = await self._outcomes(exchanges, party, decisions)
        lacking = sum(map(lacks_sources, outcomes))
        if lacking and not rules.is_last(chunk):
            if lacking < len(asked):
                return None
            raise SourcesAway
        return self._answered(chunk, outcomes, decisions)

    async def _outcomes(
        self,
        exchanges: Sequence[Exchange],
        party: Party,
        decisions: Sequence[Plan | Refusal],
    ) -> list[Outcome]:
        both = list(zip(exchanges, decisions, strict=True))
        asked = [(one, plan) for one, plan in both if isinstance(plan, Plan)]
        given = iter(await self.asking.ask_all(self.exchanges, asked))
        return [
            self.exchanges.refused(exchange, party, decision)
            if isinstance(decision, Refusal)
            else self.exchanges.outcome(exchange, party, decision, next(given))
            for exchange, decision in both
        ]

    def _answered(
        self,
        chunk: Chunk,
        outcomes: list[Outcome],
        decisions: list[Plan | Refusal] | list[None],
    ) -> Answered:
        items = zip(chunk.items, outcomes, strict=True)
        return Answered(
            tuple(
                self.forms.encode_result(chunk.first + n, item, outcome)
                for n, (item, outcome) in enumerate(items)
            ),
            tuple(
                self.trail.ended(outcome, decision)
                for outcome, decision in zip(outcomes, decisions, strict=True)
            ),
            Counter(outcome.status.code.code for outcome in outcomes),
        )

    def _given_up(self, chunk: Chunk, exchanges: list[Exchange], party: Party) -> Answered:
        told = status(ports.UNTREATED)
        outcomes = [Outcome(one, party, told, replied_at=self.now()) for one in exchanges]
        return self._answered(chunk, outcomes, [None] * len(outcomes))

    async def _spend(self, order: Order, party: Party, granted: Granted, places: list[int]) -> None:
        context, customer = order.question.head.legal_context, party.customer.cbe_number
        hourly, expected = granted.hourly_quota, granted.expected_hourly_volume
        if not hourly and not expected:
            return
        batch = str(order.batch_id)
        if not await self.quota.spend_once(batch, places, customer, context, hourly, expected):
            raise VolumeSpent(retry_after=next_hour(self.now()))

    async def _close(self, batch: Batch) -> None:
        """Head the batch with how it ended, once every item has its result."""
        order = await self._order(batch.batch_id)
        ended = self._headed(order, Stage.OUTCOME, batch.item_count)
        with suppress(OrganizationUnknown, CustomerNotTheCaller):
            ended = replace(ended, party=await self.members.party(order.call))
        found = "MSG00000" if batch.counts.get("MSG00000") else "MSG00100"
        await self.trail.head(replace(ended, status=status(found)))
        if await self.store.close(batch.batch_id, self.limits.kept):
            log.info("batch done", batch=str(batch.batch_id), items=batch.item_count)
        self._known.pop(batch.batch_id, None)
        self.wakeups.announce({str(batch.batch_id)})

    async def _stop(self, chunk: Chunk, gone: Failure) -> None:
        """Go on with nothing of a batch; what others began has an end when it is taken again."""
        order = await self._order(chunk.batch_id)
        await self.trail.head(self._headed(order, Stage.REFUSAL, 0).refused(gone.reason()))
        if chunk.attempt > 1:
            # Who had it before may have asked sources.
            exchanges = exchanges_of(chunk, order, self.now())
            await self.trail.conclude([self.trail.lost(one) for one in exchanges])
        if await self.store.stop(chunk, self.limits.kept):
            log.warning("batch stopped", batch=str(chunk.batch_id), reason=gone.reason())
            self.wakeups.announce({str(chunk.batch_id)})

    def _headed(self, order: Order, stage: Stage, persons: int) -> Entry:
        question = order.question
        period = question.period if isinstance(question.period, Period) else None
        return Entry(
            call=order.call, stage=stage, contract=question.contract, period=period, persons=persons
        )

    async def _order(self, batch_id: UUID) -> Order:
        if batch_id not in self._known:
            if len(self._known) >= 64:
                self._known.clear()
            self._known[batch_id] = self.forms.decode_order(await self.store.order(batch_id))
        return self._known[batch_id]


def lacks_sources(outcome: Outcome) -> bool:
    """Whether a source was not there that may answer later."""
    return any(one.trouble in answers.NOBODY_THERE for one in outcome.answers)


def exchanges_of(chunk: Chunk, order: Order, now: datetime) -> list[Exchange]:
    """The exchanges of a chunk, each with the name of the record that ends it."""
    call = order.call
    return [
        Exchange(
            ticket=chunk.batch_id,
            received_at=call.received_at,
            # The deliberation in force on the day of the exchange governs.
            day=belgian_day(now),
            certificate=call.certificate,
            question=replace(order.question, ssin=item.ssin, enterprise=item.enterprise),
            rpc=call.rpc,
            ending=uuid5(chunk.batch_id, f"{chunk.first + n}.ended"),
            trace_id=call.trace_id,
        )
        for n, item in enumerate(chunk.items)
    ]

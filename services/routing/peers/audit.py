"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry, Leg, Stage
from services.admission.peers import audit as admission
from services.admission.peers.endings import MOST_ENDINGS, PAUSE, LateEndings
from services.admission.wire import encode_outcome
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.period import Period
from services.kit.clock import Clock
from services.routing.model import (
    ContractSource,
    Exchange,
    Outcome,
    Party,
    Plan,
    Refusal,
    SourceAnswer,
)


class PeerTrail:
    """Records exchanges, many in one call."""

    def __init__(
        self,
        stub: audit_rpc.AuditServiceStub,
        *,
        new_id: Callable[[], UUID],
        now: Clock,
        pause: timedelta = PAUSE,
    ) -> None:
        self._shared = admission.PeerTrail(stub, new_id=new_id, now=now)
        self._now = now
        self._late = LateEndings(self._shared, pause=pause)
        self._begun: dict[UUID, record_pb.ExchangeRecord] = {}
        """The intents of exchanges under way, by the identification of their ending."""

    async def record(self, *entries: Entry) -> None:
        """Record calls that were not let in."""
        await self._shared.record(*entries)

    async def intend(self, exchange: Exchange, party: Party, plan: Plan) -> None:
        """Record that sources will be asked."""
        granted, asked = plan.granted, legs_of(plan.asked)
        entry = entry_of(exchange, Stage.INTENT, party, decision=granted, sources=asked)
        record = self._shared.encoded(entry)
        if len(self._begun) < MOST_ENDINGS:
            self._begun[exchange.ending] = record
        await self._shared.send(record)

    async def conclude(self, outcome: Outcome, plan: Plan) -> None:
        """Record how an exchange ended that sources were asked for."""
        # Who was not asked, because it does not know the person, is no source of anything.
        legs = tuple(leg_of(one) for one in outcome.answers if one.asked)
        exchange = outcome.exchange
        begun = self._begun.pop(exchange.ending, None)
        if begun is not None:
            # All that the two have in common was said once.
            told = (exchange.ending, self._now(), outcome.status, outcome.cut, legs)
            await self._shared.send(encode_outcome(begun, *told))
            return
        ended = entry_of(
            *(exchange, Stage.OUTCOME, outcome.party),
            decision=plan.granted,
            status=outcome.status,
            cut=outcome.cut,
            sources=legs,
            record_id=exchange.ending,
        )
        await self._shared.record(ended)

    def abandon(
        self,
        exchange: Exchange,
        party: Party,
        plan: Plan,
        fault: BaseException,
        asked: Sequence[ContractSource],
    ) -> None:
        """Record, when that can be, that an exchange ended without an answer.

        If its outcome was on the way to the trail already, the trail keeps the first of the two.
        """
        granted, legs = plan.granted, legs_of(asked)
        self._begun.pop(exchange.ending, None)
        more = {"decision": granted, "sources": legs, "record_id": exchange.ending}
        self._late.abandon(entry_of(exchange, Stage.OUTCOME, party, **more), fault)

    async def __aenter__(self) -> Self:
        await self._late.__aenter__()
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._late.__aexit__(*fault)

    async def refuse(self, exchange: Exchange, party: Party, refusal: Refusal) -> None:
        """Record that an exchange ended with a refusal."""
        entry = entry_of(
            *(exchange, Stage.REFUSAL, party),
            permitted=False,
            reason=refusal.because,
            decision=refusal,
            status=refusal.status,
        )
        await self._shared.record(entry)


def entry_of(exchange: Exchange, stage: Stage, party: Party | None, **more: Any) -> Entry:
    """What is recorded of one exchange."""
    question = exchange.question
    return Entry(
        call=exchange.call,
        stage=stage,
        party=party,
        person=question.ssin,
        enterprise=question.number,
        contract=question.contract,
        period=question.period if isinstance(question.period, Period) else None,
        **more,
    )


def legs_of(sources: Sequence[ContractSource]) -> tuple[Leg, ...]:
    """Sources that are about to be asked."""
    return tuple(Leg(source.supplier.cbe_number, managing=_managing(source)) for source in sources)


def leg_of(given: SourceAnswer) -> Leg:
    """A source that was asked, and how that ended."""
    return Leg(
        given.source.supplier.cbe_number,
        given.status,
        given.ticket,
        given.duration,
        _managing(given.source),
    )


def _managing(source: ContractSource) -> EnterpriseNumber | None:
    return None if source.managing is None else source.managing.cbe_number

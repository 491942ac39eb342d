"""One consultation from question to outcome: gather, decide, put in writing, ask, merge.

The order is the law: nothing is asked of a source before the trail has the intent, and nothing is
answered before the trail has the outcome (law 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.admission import rules as admission
from services.admission.model import Admitted, Call, Stage
from services.admission.usecases import Arrivals
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.routing.errors import VolumeSpent
from services.routing.model import (
    Catalogue,
    ContractSource,
    Exchange,
    OnboardedOrganization,
    Outcome,
    Party,
    Plan,
    Refusal,
)
from services.routing.usecases.exchanges import Clock, Exchanges, today

__all__ = ["CatalogueMembers", "Clock", "Consultations", "Exchanges", "next_hour", "today"]


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


class Trail(Protocol):
    """Makes records durable; returns when they are, fails when they are not."""

    async def intend(self, exchange: Exchange, party: Party, plan: Plan) -> None: ...

    async def conclude(self, outcome: Outcome, plan: Plan) -> None: ...

    def abandon(
        self,
        exchange: Exchange,
        party: Party,
        plan: Plan,
        fault: BaseException,
        asked: Sequence[ContractSource],
    ) -> None:
        """Record, when that can be, that an exchange ended without an answer."""

    async def refuse(self, exchange: Exchange, party: Party, refusal: Refusal) -> None: ...


class Quota(Protocol):
    """Counts exchanges against the volume that a deliberation expects."""

    async def spend(
        self, customer: EnterpriseNumber, context: LegalContext, hourly: int, expected: int
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Consultations:
    """Consults authentic sources for institutions."""

    admission: Arrivals[OnboardedOrganization]
    exchanges: Exchanges
    catalogues: Catalogues
    trail: Trail
    quota: Quota
    clock: Clock

    async def consult(self, exchange: Exchange) -> Outcome:
        """The outcome of an exchange, recorded before it is returned."""
        catalogue = self.catalogues.current()
        question = exchange.question
        admitted = await self.admission.known(
            exchange.call, question.contract, question.ssin, question.number
        )
        party = admitted.party
        decision = await self.exchanges.decide(exchange, party, catalogue)
        if isinstance(decision, Refusal):
            await self.trail.refuse(exchange, party, decision)
            return self.exchanges.refused(exchange, party, decision)
        await self._spend(admitted, decision)
        asked: Sequence[ContractSource] = ()
        try:
            await self.trail.intend(exchange, party, decision)
            asked = decision.asked
            given = await self.exchanges.ask(exchange, decision)
            outcome = self.exchanges.outcome(exchange, party, decision, given)
            await self.trail.conclude(outcome, decision)
        except BaseException as fault:  # even the client's leaving: what was begun has an end
            self.trail.abandon(exchange, party, decision, fault, asked)
            raise
        return outcome

    async def _spend(self, admitted: Admitted[OnboardedOrganization], plan: Plan) -> None:
        hourly, expected = plan.granted.hourly_quota, plan.granted.expected_hourly_volume
        context, customer = admitted.head.legal_context, admitted.customer.cbe_number
        bounded = hourly > 0 or expected > 0
        if not bounded or await self.quota.spend(customer, context, hourly, expected):
            return
        facts = {"legal_context": context, "hourly_quota": str(hourly)}
        spent = VolumeSpent(facts=facts, retry_after=next_hour(self.clock()))
        await self.admission.record(admitted.entry(Stage.REFUSAL).refused(spent.reason()))
        raise spent


def next_hour(now: datetime) -> timedelta:
    """How long it is until the volume of the next hour counts."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - now


@dataclass(frozen=True, slots=True)
class CatalogueMembers:
    """Knows the organizations by the catalogue."""

    catalogues: Catalogues

    async def party(self, call: Call) -> Party:
        """Who calls and for whom; fails if it may not."""
        assert call.head is not None
        members = self.catalogues.current().organizations
        return admission.party(call.certificate, call.head.customer, members)

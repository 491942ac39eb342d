"""One consultation from question to outcome: gather, decide, put in writing, ask, merge.

The order is the law: nothing is asked of a source before the trail has the intent, and nothing is
answered before the trail has the outcome (law 1).
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.admission import rules as admission
from services.admission.model import Admitted, Call, Stage
from services.admission.usecases import Arrivals
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.concepts.resolved_enterprise import ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber
from services.routing.errors import VolumeSpent
from services.routing.model import (
    Catalogue,
    ContractSource,
    Exchange,
    OnboardedOrganization,
    Outcome,
    Party,
    Plan,
    Question,
    Refusal,
    SourceAnswer,
)
from services.routing.model.findings import Granted, Known, Located, Resolved
from services.routing.rules import answers, planning


class Identification(Protocol):
    """Knows what became of a number."""

    def resolve(self, ssin: Ssin) -> Awaitable[ResolvedSsin]: ...

    def resolve_enterprise(self, number: CbeNumber) -> Awaitable[ResolvedEnterprise]: ...


class Access(Protocol):
    """Decides on the deliberations in force."""

    def check(
        self, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Granted | Denied]: ...


class Directory(Protocol):
    """Knows who knows a person."""

    def locate(
        self, ssin: Ssin, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Located]: ...


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


class Sources(Protocol):
    """Asks one authentic source; a source that fails is an answer, never an exception."""

    async def ask(self, source: ContractSource, exchange: Exchange, plan: Plan) -> SourceAnswer: ...


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


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Decides on exchanges and asks their sources; online and in batches alike."""

    identification: Identification
    access: Access
    directory: Directory
    sources: Sources
    clock: Clock

    async def decide(
        self, exchange: Exchange, party: Party, catalogue: Catalogue
    ) -> Plan | Refusal:
        """Which sources are asked, or with which status the exchange ends."""
        # Set once, where the question entered: whoever decides does so on this day.
        question, day = exchange.question, exchange.day
        asked = question.period if isinstance(question.period, Period) else today(day)
        known: Resolved | None = None
        checking = self.access.check(party, question, asked, day)
        if question.number is not None:
            # The reference directory knows persons: of enterprises it is not asked.
            verdict, known = await asyncio.gather(
                checking, self.identification.resolve_enterprise(question.number)
            )
        elif question.ssin is None:
            verdict = await checking
        else:
            # Side by side; one peer away means no exchange, and the first says why.
            verdict, person, located = await asyncio.gather(
                checking,
                self.identification.resolve(question.ssin),
                self.directory.locate(question.ssin, party, question, asked, day),
            )
            known = Known(person, located)
        if isinstance(known, Known) and isinstance(verdict, Granted):
            successor = planning.successor_of(question, catalogue, known.person)
            if successor is not None:
                moved = await self.directory.locate(successor, party, question, asked, day)
                known = Known(known.person, moved)
        return planning.plan(question, catalogue, verdict, known, party.caller)

    async def ask(self, exchange: Exchange, plan: Plan) -> tuple[SourceAnswer, ...]:
        """What the sources of a plan answer, and those that are not asked."""
        # The trail keeps the number that was used; the sources know the person by the new one.
        about = exchange if plan.successor is None else exchange.about(plan.successor)
        if len(plan.asked) == 1:
            # The usual case needs no task of its own.
            given = [await self.sources.ask(plan.asked[0], about, plan)]
        else:
            given = await asyncio.gather(
                *(self.sources.ask(source, about, plan) for source in plan.asked)
            )
        unaware = plan.contract.unaware
        others = [unaware[source.supplier.cbe_number] for source in plan.unaware]
        return answers.in_catalogue_order([*given, *others], plan)

    def refused(self, exchange: Exchange, party: Party, refusal: Refusal) -> Outcome:
        """The outcome of an exchange for which no source is asked."""
        return Outcome(
            exchange,
            party,
            refusal.status,
            replaced_by=dict(refusal.status.information).get("newSSIN"),
            canceled=refusal.because == "SSIN_CANCELED",
            replied_at=self.clock(),
        )

    def outcome(
        self, exchange: Exchange, party: Party, plan: Plan, given: tuple[SourceAnswer, ...]
    ) -> Outcome:
        """The outcome of what the sources answered."""
        return Outcome(
            exchange,
            party,
            answers.merged_status([one for one in given if one.asked], plan),
            answers=given,
            deliberation=plan.granted.deliberation,
            cut=answers.merged_cut(given),
            replied_at=self.clock(),
            successor=plan.successor,
        )


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


def today(day: date) -> Period:
    """The single day of the question, for questions whose own days make no sense."""
    return Period(day, day)


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

"""Exchanges: what is asked of the peers, decided on, and asked of the sources; one or many."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.concepts.decision import Denied
from services.concepts.period import Period
from services.concepts.resolved_enterprise import ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber
from services.routing.model import (
    Catalogue,
    ContractSource,
    Exchange,
    Outcome,
    Party,
    Plan,
    Question,
    Refusal,
    SourceAnswer,
)
from services.routing.model.findings import Granted, Known, Located, Resolved
from services.routing.rules import answers, planning
from services.routing.usecases.settling import settle_all


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


class Sources(Protocol):
    """Asks one authentic source; a source that fails is an answer, never an exception."""

    async def ask(self, source: ContractSource, exchange: Exchange, plan: Plan) -> SourceAnswer: ...

    async def ask_all(
        self, source: ContractSource, asked: Sequence[tuple[Exchange, Plan]]
    ) -> Sequence[SourceAnswer]:
        """The same of many, in their order."""


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
        # Side by side; one peer away means no exchange, and the first says why.
        checking, resolving, locating = self._ask_peers(exchange, party)
        verdict, resolved, located = await asyncio.gather(
            checking, resolving or _nothing(), locating or _nothing()
        )
        return await self._decided(exchange, party, catalogue, verdict, resolved, located)

    async def decide_all(
        self, exchanges: Sequence[Exchange], party: Party, catalogue: Catalogue
    ) -> list[Plan | Refusal]:
        """The same of many, each as if it were alone; without a task for each."""
        asked = [self._ask_peers(one, party) for one in exchanges]
        verdicts = settle_all([checking for checking, _, _ in asked])
        resolved = settle_all([resolving or _nothing() for _, resolving, _ in asked])
        located = settle_all([locating or _nothing() for _, _, locating in asked])
        found = zip(exchanges, *await asyncio.gather(verdicts, resolved, located), strict=True)
        return [
            await self._decided(exchange, party, catalogue, verdict, person, dossiers)
            for exchange, verdict, person, dossiers in found
        ]

    def _ask_peers(
        self, exchange: Exchange, party: Party
    ) -> tuple[
        Awaitable[Granted | Denied],
        Awaitable[ResolvedEnterprise | ResolvedSsin] | None,
        Awaitable[Located] | None,
    ]:
        """What is asked about an exchange: what is allowed, who it is about, and who knows him."""
        # Set once, where the question entered: whoever decides does so on this day.
        question, day = exchange.question, exchange.day
        asked = _days(exchange)
        checking = self.access.check(party, question, asked, day)
        if question.number is not None:
            # The reference directory knows persons: of enterprises it is not asked.
            return checking, self.identification.resolve_enterprise(question.number), None
        if question.ssin is None:
            return checking, None, None
        return (
            checking,
            self.identification.resolve(question.ssin),
            self.directory.locate(question.ssin, party, question, asked, day),
        )

    async def _decided(
        self,
        exchange: Exchange,
        party: Party,
        catalogue: Catalogue,
        verdict: Granted | Denied,
        resolved: ResolvedEnterprise | ResolvedSsin | None,
        located: Located | None,
    ) -> Plan | Refusal:
        question = exchange.question
        known: Resolved | None = None
        if isinstance(resolved, ResolvedEnterprise):
            known = resolved
        elif resolved is not None:
            assert located is not None
            known = Known(resolved, located)
            if isinstance(verdict, Granted):
                successor = planning.successor_of(question, catalogue, resolved)
                if successor is not None:
                    days, day = _days(exchange), exchange.day
                    moved = await self.directory.locate(successor, party, question, days, day)
                    known = Known(resolved, moved)
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
        return answers.in_catalogue_order([*given, *answers.unaware_of(plan)], plan)

    async def ask_all(
        self, asked: Sequence[tuple[Exchange, Plan]]
    ) -> list[tuple[SourceAnswer, ...]]:
        """The same of many: each source gets a list."""
        by_source: dict[int, tuple[ContractSource, list[int]]] = {}
        for place, (_, plan) in enumerate(asked):
            for source in plan.asked:
                by_source.setdefault(id(source), (source, []))[1].append(place)
        about = [
            (one if plan.successor is None else one.about(plan.successor), plan)
            for one, plan in asked
        ]
        given: list[list[SourceAnswer]] = [answers.unaware_of(plan) for _, plan in asked]
        listed = await asyncio.gather(
            *(
                self.sources.ask_all(source, [about[place] for place in places])
                for source, places in by_source.values()
            )
        )
        for (_, places), came in zip(by_source.values(), listed, strict=True):
            for place, one in zip(places, came, strict=True):
                given[place].append(one)
        return [
            answers.in_catalogue_order(some, plan)
            for some, (_, plan) in zip(given, asked, strict=True)
        ]

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


async def _nothing() -> None:
    """Where nothing is asked."""


def _days(exchange: Exchange) -> Period:
    """The days that are asked about."""
    period = exchange.question.period
    return period if isinstance(period, Period) else today(exchange.day)


def today(day: date) -> Period:
    """The single day of the question, for questions whose own days make no sense."""
    return Period(day, day)

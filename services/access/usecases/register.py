"""Keeps the public register and leads deliberations through their life.

A step is decided by the rules, put in the trail, and then taken: what the trail cannot hold does
not happen, and what failed after all is in the trail as refused.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from services.access.errors import (
    AccessionUnknown,
    DeliberationUnknown,
    DeliberationUnreadable,
    OfficesMixed,
    OperatorNameless,
)
from services.access.model import (
    Accession,
    ActVersion,
    Deliberation,
    Difference,
    Draft,
    Office,
    ProposedAccession,
    Request,
    Standing,
    Step,
)
from services.access.rules import accessions, differences, lifecycle
from services.access.rules.reviews import Contracts, Parties, review, review_proposal
from services.access.usecases.decisions import Access
from services.concepts.decision import GOOD_FOR
from services.concepts.failures import Failure, FieldViolation, invalid
from services.concepts.lines import line_of
from services.concepts.organization import Organization

START = ActVersion("", 0)


class Shelf(Protocol):
    """Holds the deliberations one by one, and takes steps, each once for a request."""

    async def of_number(self, number: str) -> Sequence[Deliberation]: ...

    async def page(
        self, after: ActVersion, most: int, *, legal_context: str, proposals: bool
    ) -> Sequence[Deliberation]: ...

    async def taken(self, request: Request) -> bool: ...

    async def propose(self, request: Request, text: Deliberation) -> None: ...

    async def move(
        self, request: Request, act: ActVersion, before: Standing, after: Standing, day: date
    ) -> None: ...

    async def office_of(self, person: str) -> Office | None: ...

    async def propose_accession(
        self, request: Request, number: str, accession: Accession
    ) -> None: ...

    async def enact_accession(
        self, request: Request, number: str, proposed: ProposedAccession
    ) -> None: ...

    async def end_accession(self, request: Request, number: str, accession: Accession) -> None: ...


class Trail(Protocol):
    """Makes records durable; returns when they are, fails when they are not."""

    async def record(self, request: Request, act: ActVersion, refused: Failure | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Register:
    """The public register, and the administration of what stands in it."""

    access: Access
    shelf: Shelf
    trail: Trail
    contracts: Contracts
    parties: Callable[[], Parties]
    """The organizations of the network as they are now."""
    today: Callable[[], date]

    async def get(self, number: str, version: int, *, proposals: bool) -> Deliberation:
        """One version, or the latest if none is named. Fails with DeliberationUnknown."""
        found = [
            text
            for text in await self.shelf.of_number(number)
            if (text.enacted or proposals) and version in (0, text.version)
        ]
        if not found:
            raise DeliberationUnknown
        return found[-1] if proposals else _public(found[-1])

    async def list(
        self, after: ActVersion, most: int, legal_context: str, *, proposals: bool
    ) -> Sequence[Deliberation]:
        """At most so many versions after one, by number and version."""
        found = await self.shelf.page(after, most, legal_context=legal_context, proposals=proposals)
        return found if proposals else list(map(_public, found))

    async def propose(self, request: Request, draft: Draft) -> Deliberation:
        """Add a proposal. Fails with DeliberationUnreadable, naming every fault and its line."""
        text = replace(draft.text, moved_by=request.operator)
        act = ActVersion(text.number, text.version)

        async def decide() -> None:
            await self.validate(draft, proposal=True)

        await self._step(request, act, decide, lambda: self.shelf.propose(request, text))
        return await self.get(act.number, act.version, proposals=True)

    async def compare(self, draft: Draft) -> tuple[int, Sequence[Difference]]:
        """The version that was enacted last, 0 if none was, and how the draft differs from it."""
        await self.validate(draft, proposal=False)
        before = [one for one in await self.shelf.of_number(draft.text.number) if one.enacted]
        last = before[-1] if before else None
        return (last.version if last else 0), differences.between(last, draft.text)

    async def move(self, request: Request, act: ActVersion, step: Step) -> Deliberation:
        """Take a step with a deliberation that is there."""
        seen: list[Deliberation] = []

        async def decide() -> None:
            seen.append(await self.get(act.number, act.version, proposals=True))
            lifecycle.next_standing(seen[0], step, request.operator, self.today())

        def take() -> Awaitable[None]:
            after = lifecycle.LEADS_TO[step]
            return self.shelf.move(request, act, seen[0].standing, after, self.today())

        await self._step(request, act, decide, take)
        return await self.get(act.number, act.version, proposals=True)

    async def accede(self, request: Request, number: str, accession: Accession) -> Deliberation:
        """Prepare an accession to the version that governs, or end one sooner."""
        opens: list[bool] = []

        async def decide() -> None:
            text, parties = await self._governing(number), self.parties()
            if not parties.knows(accession.recipient):
                raise invalid("recipient", "is no organization of the network")
            known = parties.find(accession.recipient)
            opens.append(accessions.opens(text, accession, known, self.today()))

        def take() -> Awaitable[None]:
            if opens[0]:
                return self.shelf.propose_accession(request, number, accession)
            return self.shelf.end_accession(request, number, accession)

        await self._step(request, ActVersion(number, 0), decide, take)
        return await self._governing(number)

    async def enact_accession(
        self, request: Request, number: str, recipient: Organization, begin: date
    ) -> Deliberation:
        """Let an accession that was prepared count."""
        seen: list[ProposedAccession] = []

        async def decide() -> None:
            text = await self._governing(number)
            waiting = [
                one
                for one in text.proposed_accessions
                if (one.accession.recipient, one.accession.period.begin) == (recipient, begin)
            ]
            if not waiting:
                raise AccessionUnknown
            seen.extend(waiting)
            known = self.parties().find(recipient)
            accessions.refuse_enacting(text, waiting[0], known, request.operator, self.today())

        await self._step(
            request,
            ActVersion(number, 0),
            decide,
            lambda: self.shelf.enact_accession(request, number, seen[0]),
        )
        return await self._governing(number)

    async def validate(self, draft: Draft, *, proposal: bool) -> None:
        """Refuse a draft with everything that is wrong with it, each with its line."""
        text = draft.text
        stored = {
            (one.number, one.version): one
            for context in text.legal_contexts
            for one in await self.shelf.page(START, 1, legal_context=context, proposals=True)
        }
        versions = await self.shelf.of_number(text.number)
        stored |= {(one.number, one.version): one for one in versions}
        wrong = [
            (finding.field, finding.description)
            for finding in review([text], stored.values(), self.contracts, self.parties())
        ]
        if proposal:
            wrong += review_proposal(text, self.today())
        if wrong:
            raise DeliberationUnreadable(
                violations=[
                    FieldViolation(field, f"line {line_of(draft.lines, field)}: {said}")
                    for field, said in wrong
                ]
            )

    async def _governing(self, number: str) -> Deliberation:
        found = [
            text
            for text in await self.shelf.of_number(number)
            if text.enacted and text.validity.begin <= self.today()
        ]
        if not found:
            raise DeliberationUnknown
        return found[-1]

    async def _step(
        self,
        request: Request,
        act: ActVersion,
        decide: Callable[[], Awaitable[None]],
        take: Callable[[], Awaitable[None]],
    ) -> None:
        if not request.operator:
            nameless = OperatorNameless()
            await self.trail.record(request, act, nameless)
            raise nameless
        if not await self.shelf.taken(request):
            try:
                if await self.shelf.office_of(request.operator) not in (None, request.office):
                    raise OfficesMixed
                await decide()
            except Failure as refused:
                await self.trail.record(request, act, refused)
                raise
            await self.trail.record(request, act, None)
            try:
                await take()
            except Failure as failed:
                await self.trail.record(request, act, failed)
                raise
            # This replica knows before it answers; the others are told by the store.
            await self.access.refresh()
            # Who asked before may use the decision for a moment more: when this is answered, nobody
            # does.
            await asyncio.sleep(GOOD_FOR.total_seconds())


def _public(text: Deliberation) -> Deliberation:
    return replace(text, proposed_accessions=())

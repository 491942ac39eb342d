"""The way in for institutions: who calls, what a deliberation allows, whose number it is.

Nothing that goes on is without its entry on the trail, and nothing that does not (design law 1).
"""

import asyncio
from dataclasses import dataclass, replace

from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.failures import Failure
from services.concepts.period import Period
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.status import Status
from services.concepts.trail import NOTHING_CHANGED
from services.directory.model import (
    Asked,
    Call,
    Catalogue,
    Entry,
    Granted,
    Mode,
    Party,
    Stage,
)
from services.directory.rules import registers
from services.directory.rules.admission import Refusal
from services.directory.usecases import ports


@dataclass(frozen=True)
class Gate:
    """Lets questions in under one contract, and writes down what comes of them."""

    contract: ContractName
    """Under what name deliberations allow it."""
    identification: ports.Identification
    access: ports.Access
    trail: ports.Trail

    async def party(self, call: Call, asked: Asked, catalogue: Catalogue) -> Party:
        """Who calls and for whom; who may not is turned away, on the trail too."""
        try:
            return registers.party(call.certificate, asked.head.customer, catalogue)
        except Failure as stranger:
            await self.trail.record(self._entry(call, asked, Stage.REFUSAL, stranger.reason()))
            raise

    async def gather(
        self, call: Call, asked: Asked, party: Party, mode: Mode = Mode.ONLINE
    ) -> tuple[Granted | Denied, ResolvedSsin | None]:
        """What access and identification say, side by side; no person if the number is none."""
        try:
            async with asyncio.TaskGroup() as beside:
                verdict = beside.create_task(
                    self.access.check(
                        party.customer, asked.head.legal_context, self.contract, call.day, mode
                    )
                )
                if asked.person is not None:
                    person = beside.create_task(self.identification.resolve(asked.person))
        except ExceptionGroup as away:
            # One peer away means no answer; the first says why.
            raise away.exceptions[0] from None
        return verdict.result(), None if asked.person is None else person.result()

    async def permit(
        self,
        call: Call,
        asked: Asked,
        stage: Stage,
        party: Party,
        decision: Granted | Denied,
        status: Status,
        period: Period | None = None,
        *,
        changes: bool = True,
    ) -> None:
        """Put in writing what is about to be done or told; an act may change nothing."""
        reason = "" if changes else NOTHING_CHANGED
        entry = self._entry(call, asked, stage, reason, party, decision, status, period)
        await self.trail.record(replace(entry, permitted=True))

    async def fail(
        self, call: Call, asked: Asked, party: Party, decision: Granted | Denied, failure: Failure
    ) -> None:
        """Put in writing that an act that was let through failed after all."""
        reason = failure.reason()
        await self.trail.record(self._entry(call, asked, Stage.ACT, reason, party, decision))

    async def refuse(
        self,
        call: Call,
        asked: Asked,
        stage: Stage,
        party: Party,
        decision: Granted | Denied,
        refusal: Refusal,
    ) -> None:
        """Put in writing that it is refused, and why."""
        told = refusal.status
        entry = self._entry(call, asked, stage, refusal.because, party, decision, told)
        await self.trail.record(entry)

    def _entry(
        self,
        call: Call,
        asked: Asked,
        stage: Stage,
        reason: str,
        party: Party | None = None,
        decision: Granted | Denied | None = None,
        status: Status | None = None,
        period: Period | None = None,
    ) -> Entry:
        return Entry(
            call,
            stage,
            permitted=not reason,
            reason=reason,
            party=party,
            head=asked.head,
            person=asked.person,
            contract=self.contract,
            period=period,
            decision=decision,
            status=status,
        )

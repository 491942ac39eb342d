"""Registering persons: ask the peers, decide, put in writing, and only then change or tell.

The order is the law: nothing changes and nothing is told before the trail has it (design law 1).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.failures import Failure
from services.concepts.period import Period
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.status import Status, status
from services.directory.model import (
    Asked,
    Call,
    Catalogue,
    Dossier,
    Granted,
    Listing,
    Organization,
    OrganizationKey,
    Outcome,
    Party,
    Register,
    Registered,
    Registering,
    Stage,
    Unregistering,
)
from services.directory.rules import admission, registering, registers
from services.directory.rules.admission import Refusal
from services.directory.rules.registering import Change
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.gate import Gate
from services.directory.usecases.locating import Store

CONTRACT = ContractName("DOSSIER_REGISTRATION", 1)
"""Under what name deliberations allow to register persons and to read registrations."""

Holders = Mapping[OrganizationKey, tuple[Register, Organization]]
"""Whose dossiers are meant, and in which register they stand."""


@dataclass(frozen=True, slots=True)
class Act:
    """A change that may be made: who asks for it, on which ground, for which days."""

    call: Call
    asked: Asked
    party: Party
    verdict: Granted | Denied
    period: Period


@dataclass(frozen=True)
class Registrar:
    """Registers persons for institutions."""

    catalogues: CatalogueKeeper
    gate: Gate
    registers: ports.Registers
    dossiers: Store
    lists: ports.Lists
    clock: ports.Clock

    async def register(self, call: Call, wanted: Registering) -> Outcome:
        """Register a person, if everybody who must agrees."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        party = await self.gate.party(call, asked, catalogue)
        holders = _holders(registers.written(party, wanted.register, catalogue), catalogue)
        verdict, person = await self.gate.gather(call, asked, party)
        refusal = self._refuse_registering(call, wanted, holders, verdict, person)
        if refusal is None and asked.person is not None:
            proven = await self.gate.identification.verify(asked.person, wanted.proof)
            refusal = admission.refuse_proof(proven)
        if refusal is not None:
            return await self._refuse(call, asked, Stage.ACT, party, verdict, refusal)
        period, done = Period(wanted.begin, wanted.end), status("MSG00000")
        dossiers = [Dossier(key, wanted.quality_code, wanted.phase, period) for key in holders]
        act = Act(call, asked, party, verdict, period)
        change = await self._change(
            act, lambda known: registering.all_registered(known, dossiers), lambda _: None
        )
        return self._outcome(call, done, holders, change.standing, change.overlapping)

    async def unregister(self, call: Call, wanted: Unregistering) -> Outcome:
        """Give a registration its last day."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        party = await self.gate.party(call, asked, catalogue)
        holders = _holders(registers.written(party, wanted.register, catalogue), catalogue)
        verdict, person = await self.gate.gather(call, asked, party)
        refusal = (
            admission.refuse_caller(verdict, is_open=bool(holders))
            or admission.refuse_person(asked, person)
            or admission.refuse_period(wanted.begin, wanted.end, call.day)
        )
        if refusal is not None:
            return await self._refuse(call, asked, Stage.ACT, party, verdict, refusal)
        period, keys = Period(wanted.begin, wanted.end), list(holders)
        act = Act(call, asked, party, verdict, period)
        change = await self._change(
            act,
            lambda known: registering.all_unregistered(known, keys, wanted.quality_code, period),
            admission.refuse_nothing,
        )
        refusal = admission.refuse_nothing(change)
        done = status("MSG00000") if refusal is None else refusal.status
        return self._outcome(call, done, holders, change.standing)

    async def _change(
        self,
        act: Act,
        decide: Callable[[Sequence[Dossier]], tuple[Sequence[Dossier], Change]],
        refuse: Callable[[Change], Refusal | None],
    ) -> Change:
        """Change a person's dossiers; what comes of it is in writing before, and that it failed
        after all is in writing too."""
        call, asked, party, verdict = act.call, act.asked, act.party, act.verdict

        async def witness(change: Change) -> None:
            refusal = refuse(change)
            if refusal is not None:
                await self.gate.refuse(call, asked, Stage.ACT, party, verdict, refusal)
                return
            done = status("MSG00000")
            await self.gate.permit(
                *(call, asked, Stage.ACT, party, verdict, done, act.period),
                changes=change.is_other,
            )

        assert asked.person is not None
        try:
            return await self.registers.change(asked.person, decide, witness)
        except Failure as failed:
            await self.gate.fail(call, asked, party, verdict, failed)
            raise

    async def list(self, call: Call, wanted: Listing) -> Outcome:
        """The registrations of a person that the customer may see."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        party = await self.gate.party(call, asked, catalogue)
        readable = registers.readable(party, wanted.register, wanted.sector, catalogue)
        holders = _holders(readable, catalogue)
        verdict, person = await self.gate.gather(call, asked, party)
        refusal = admission.refuse_caller(
            verdict, is_open=bool(holders)
        ) or admission.refuse_person(asked, person)
        if refusal is not None:
            return await self._refuse(call, asked, Stage.REFUSAL, party, verdict, refusal)
        assert asked.person is not None
        known = await self.dossiers.dossiers_of([asked.person], holders.keys(), wanted.known_at)
        every = known.get(asked.person, ())
        found = [one for one in every if wanted.as_of is None or one.period.covers(wanted.as_of)]
        ended = status("MSG00000" if found else "MSG00100")
        await self.gate.permit(call, asked, Stage.OUTCOME, party, verdict, ended)
        return self._outcome(call, ended, holders, found)

    def _refuse_registering(
        self,
        call: Call,
        wanted: Registering,
        holders: Holders,
        verdict: Granted | Denied,
        person: ResolvedSsin | None,
    ) -> Refusal | None:
        quality = wanted.quality_code
        listed = registering.may_be_registered(quality) and all(
            self.lists.has_quality(one.place, quality) for _, one in holders.values()
        )
        return (
            admission.refuse_caller(verdict, is_open=bool(holders))
            or admission.refuse_person(wanted.asked, person)
            or admission.refuse_quality(quality, verdict, is_listed=listed)
            or admission.refuse_period(wanted.begin, wanted.end, call.day)
            or admission.refuse_missing_proof(wanted.proof)
        )

    async def _refuse(
        self,
        call: Call,
        asked: Asked,
        stage: Stage,
        party: Party,
        verdict: Granted | Denied,
        refusal: Refusal,
    ) -> Outcome:
        await self.gate.refuse(call, asked, stage, party, verdict, refusal)
        return Outcome(call, refusal.status, replied_at=self.clock())

    def _outcome(
        self,
        call: Call,
        ended: Status,
        holders: Holders,
        standing: Sequence[Dossier],
        overlapping: Sequence[Dossier] = (),
    ) -> Outcome:
        return Outcome(
            call,
            ended,
            _registered(standing, holders),
            _registered(overlapping, holders),
            self.clock(),
        )


def _holders(found: Collection[tuple[Register, Organization]], catalogue: Catalogue) -> Holders:
    return {catalogue.keys[one.cbe_number]: (kind, one) for kind, one in found}


def _registered(dossiers: Sequence[Dossier], holders: Holders) -> tuple[Registered, ...]:
    found = [
        Registered(kind, one.cbe_number, dossier)
        for dossier in dossiers
        for kind, one in (holders[dossier.organization],)
    ]
    return tuple(sorted(found, key=_order))


def _order(one: Registered) -> tuple[object, ...]:
    return one.organization, one.dossier.quality_code, one.dossier.period.begin

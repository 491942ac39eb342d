"""Registering persons: ask the peers, decide, put in writing, and only then change or tell.

The order is the law: nothing changes and nothing is told before the trail has it (law 1).
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from services.admission.model import Admitted, Call, Granted, Stage
from services.admission.usecases import Admission
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.period import Period
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.status import Status, status
from services.directory.model import (
    Catalogue,
    Dossier,
    Listing,
    Organization,
    OrganizationKey,
    Outcome,
    Register,
    Registered,
    Registering,
    Unregistering,
)
from services.directory.rules import admission, registering, registers
from services.directory.rules.admission import Refusal
from services.directory.rules.registering import Change
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.locating import Store
from services.directory.usecases.verifying import Verifier

CONTRACT = ContractName("DOSSIER_REGISTRATION", 1)
"""Under what name deliberations allow to register persons and to read registrations."""

Holders = Mapping[OrganizationKey, tuple[Register, Organization]]
"""Whose dossiers are meant, and in which register they stand."""


@dataclass(frozen=True)
class Registrar:
    """Registers persons for institutions."""

    catalogues: CatalogueKeeper
    admission: Admission[Organization]
    identification: ports.Identification
    verifier: Verifier
    registers: ports.Registers
    dossiers: Store
    lists: ports.Lists
    clock: ports.Clock

    async def register(self, call: Call, wanted: Registering) -> Outcome:
        """Register a person, if everybody who must agrees."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        admitted = await self.admission.known(call.under(asked.head), CONTRACT, asked.person)
        written = registers.writable_registers(admitted.party, wanted.register, catalogue)
        holders = _holders(written, catalogue)
        admitted, person = await self._gather(admitted)
        refusal = self._refuse_registering(call, wanted, holders, admitted.verdict, person)
        if refusal is None and asked.person is not None:
            refusal = admission.refuse_proof(await self.verifier.verify(admitted, wanted.proof))
        if refusal is not None:
            return await self._refuse(admitted, Stage.ACT, refusal)
        period, done = Period(wanted.begin, wanted.end), status("MSG00000")
        dossiers = [Dossier(key, wanted.quality_code, wanted.phase, period) for key in holders]
        change = await self._change(
            *(admitted, period),
            lambda known: registering.all_registered(known, dossiers),
            lambda _: None,
        )
        return self._outcome(call, done, holders, change.standing, change.overlapping)

    async def unregister(self, call: Call, wanted: Unregistering) -> Outcome:
        """Give a registration its last day."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        admitted = await self.admission.known(call.under(asked.head), CONTRACT, asked.person)
        written = registers.writable_registers(admitted.party, wanted.register, catalogue)
        holders = _holders(written, catalogue)
        admitted, person = await self._gather(admitted)
        refusal = (
            admission.refuse_caller(admitted.verdict, is_open=bool(holders))
            or admission.refuse_person(asked, person)
            or admission.refuse_period(wanted.begin, wanted.end, call.day)
        )
        if refusal is not None:
            return await self._refuse(admitted, Stage.ACT, refusal)
        period, keys = Period(wanted.begin, wanted.end), list(holders)
        change = await self._change(
            *(admitted, period),
            lambda known: registering.all_unregistered(known, keys, wanted.quality_code, period),
            admission.refuse_nothing,
        )
        refusal = admission.refuse_nothing(change)
        done = status("MSG00000") if refusal is None else refusal.status
        return self._outcome(call, done, holders, change.standing)

    async def _change(
        self,
        admitted: Admitted[Organization],
        period: Period,
        decide: Callable[[Sequence[Dossier]], tuple[Sequence[Dossier], Change]],
        refuse: Callable[[Change], Refusal | None],
    ) -> Change:
        """Change a person's dossiers; what comes of it is in writing before, and that it failed
        after all is in writing too."""

        async def witness(change: Change) -> None:
            refusal = refuse(change)
            if refusal is not None:
                refused = admitted.entry(Stage.ACT, refusal.status)
                await self.admission.record(refused.refused(refusal.because))
                return
            done, is_other = status("MSG00000"), change.is_other
            await self.admission.record(
                admitted.entry(Stage.ACT, done, period=period, changes=is_other)
            )

        assert admitted.person is not None
        async with self.admission.acting(admitted.entry(Stage.ACT)):
            return await self.registers.change(admitted.person, decide, witness)

    async def _gather(
        self, admitted: Admitted[Organization]
    ) -> tuple[Admitted[Organization], ResolvedSsin | None]:
        """What access and identification say, side by side; no person if the number is none."""
        try:
            async with asyncio.TaskGroup() as beside:
                decided = beside.create_task(self.admission.decided(admitted))
                if admitted.person is not None:
                    person = beside.create_task(self.identification.resolve(admitted.person))
        except ExceptionGroup as away:
            # One peer away means no answer; the first says why.
            raise away.exceptions[0] from None
        return decided.result(), None if admitted.person is None else person.result()

    async def list(self, call: Call, wanted: Listing) -> Outcome:
        """The registrations of a person that the customer may see."""
        asked, catalogue = wanted.asked, self.catalogues.current()
        admitted = await self.admission.known(call.under(asked.head), CONTRACT, asked.person)
        readable = registers.readable(admitted.party, wanted.register, wanted.sector, catalogue)
        holders = _holders(readable, catalogue)
        admitted, person = await self._gather(admitted)
        refusal = admission.refuse_caller(
            admitted.verdict, is_open=bool(holders)
        ) or admission.refuse_person(asked, person)
        if refusal is not None:
            return await self._refuse(admitted, Stage.REFUSAL, refusal)
        assert asked.person is not None
        known = await self.dossiers.dossiers_of([asked.person], holders.keys(), wanted.known_at)
        every = known.get(asked.person, ())
        found = [one for one in every if wanted.as_of is None or one.period.covers(wanted.as_of)]
        ended = status("MSG00000" if found else "MSG00100")
        await self.admission.record(admitted.entry(Stage.OUTCOME, ended))
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
        self, admitted: Admitted[Organization], stage: Stage, refusal: Refusal
    ) -> Outcome:
        entry = admitted.entry(stage, refusal.status)
        await self.admission.record(entry.refused(refusal.because))
        return Outcome(admitted.call, refusal.status, replied_at=self.clock())

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

"""Temporary numbers for sources, and the data that they send under them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.admission.model import Admitted, Call, Entry, Leg, Party, Stage
from services.admission.usecases import Arrivals, acting, batch
from services.coding.errors import NumbersSpent, ProjectUnknown
from services.coding.model import (
    CodedUnit,
    Held,
    Hierarchies,
    Numbered,
    Outcome,
    Project,
    Row,
    Unit,
)
from services.coding.rules import lives, plans
from services.coding.rules.codes import digits
from services.coding.rules.sending import check_columns, check_rows, check_units
from services.coding.usecases.granting import DONE, REFUSED, Decisions, Granting
from services.coding.usecases.keyring import Coders, Keyring
from services.coding.usecases.ports import ProjectStore, RowStore
from services.coding.usecases.today import Today
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import Organization
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status


@dataclass(frozen=True)
class Answered:
    """How a call ended, and what it gives."""

    call: Call
    status: Status
    units: Sequence[Numbered] = ()


@dataclass(frozen=True)
class Coding:
    """Gives sources temporary numbers, and takes what they send."""

    admission: Arrivals[Organization]
    projects: ProjectStore
    rows: RowStore
    granting: Granting
    keyring: Keyring
    today: Today
    hierarchies: Hierarchies

    async def number(self, call: Call, project_id: UUID, units: Sequence[Unit]) -> Answered:
        """Temporary numbers of units, in their order."""
        admitted, project = await self._sending(call, project_id)
        async with acting(self.admission, _refusal(admitted)):
            check_units(project.plan, units)
        decisions = await self.granting.decisions(project, call.day)
        if not plans.is_granted(project.plan, decisions, admitted.customer.cbe_number):
            return await self._refused(admitted, project, decisions)
        source = admitted.customer.cbe_number
        async with acting(self.admission, _refusal(admitted)):
            if not await self.rows.count(
                project_id, source, call.day, len(units), project.plan.population.most_units
            ):
                raise NumbersSpent
        today = await self.today.units(units)
        numbered = await self._numbered(project, source, today)
        drawn = [
            unit
            for unit, one in zip(today, numbered, strict=True)
            if unit is not None and one.outcome is Outcome.NUMBERED
        ]
        await self._record(admitted, project, decisions, drawn)
        return Answered(call, status(DONE), numbered)

    async def submit(
        self,
        call: Call,
        project_id: UUID,
        chunk_id: UUID,
        columns: Sequence[str],
        rows: Sequence[tuple[bytes, tuple[str, ...]]],
    ) -> Answered:
        """Take rows of a source, all of them or none."""
        admitted, project = await self._sending(call, project_id)
        source = admitted.customer.cbe_number
        decisions = await self.granting.decisions(project, call.day)
        if not plans.is_granted(project.plan, decisions, source):
            return await self._refused(admitted, project, decisions)
        async with acting(self.admission, _refusal(admitted)):
            variables = project.plan.of_source(source)
            check_columns(variables, columns)
            temporary = await self.keyring.temporary(project, source)
            units = [temporary.find(number) for number, _ in rows]
            known = check_rows(variables, units, [values for _, values in rows], self.hierarchies)
            held = await self._held(project, source, known)
            digest = _digest(columns, rows)
        await self.admission.record(*self._acts(admitted, project, decisions))
        async with acting(self.admission, _refusal(admitted)):
            await self.rows.hold(project_id, source, (chunk_id, digest), held)
        return Answered(call, status(DONE))

    async def _sending(
        self, call: Call, project_id: UUID
    ) -> tuple[Admitted[Organization], Project]:
        admitted = await self.admission.known(call)
        async with acting(self.admission, _refusal(admitted)):
            project = await self.projects.find(project_id)
            if project is None:
                raise ProjectUnknown
            lives.check_sending(project, admitted.customer.cbe_number, call.day)
        return admitted, project

    async def _numbered(
        self, project: Project, source: EnterpriseNumber, units: Sequence[Unit | None]
    ) -> list[Numbered]:
        coders = await self.keyring.coders(project)
        temporary = await self.keyring.temporary(project, source)
        found = []
        for unit in units:
            if unit is None:
                found.append(Numbered(Outcome.UNKNOWN))
                continue
            together = unit.number if unit.household is None else unit.household
            if coders.draw.draws(digits(together)):
                found.append(Numbered(Outcome.NUMBERED, temporary.give(_coded(coders, unit))))
            else:
                found.append(Numbered(Outcome.NOT_DRAWN))
        return found

    async def _held(
        self, project: Project, source: EnterpriseNumber, rows: Sequence[Row]
    ) -> list[Held]:
        seal, places = await self.keyring.seal(project)
        found = []
        for row in rows:
            place = places.code(row.unit.code)
            found.append(Held(place, source, seal.seal([row], place + source.digits.encode())))
        return found

    async def _record(
        self,
        admitted: Admitted[Organization],
        project: Project,
        decisions: Decisions,
        drawn: Sequence[Unit],
    ) -> None:
        persons = [one.number for one in drawn if isinstance(one.number, Ssin)]
        entries = [
            one
            for act in self._acts(admitted, project, decisions)
            for one in batch(replace(act, stage=Stage.OUTCOME, status=status(DONE)), persons)
        ]
        await self.admission.record(*entries)

    async def _refused(
        self, admitted: Admitted[Organization], project: Project, decisions: Decisions
    ) -> Answered:
        said = status(REFUSED)
        entries = [
            replace(one.refused(said.code.code), stage=Stage.REFUSAL, status=said)
            for one in self._acts(admitted, project, decisions)
        ]
        await self.admission.record(*entries)
        return Answered(admitted.call, said)

    def _acts(
        self, admitted: Admitted[Organization], project: Project, decisions: Decisions
    ) -> list[Entry]:
        """What is recorded: data of the source go to the recipient, under each contract."""
        source = admitted.customer
        party = Party(admitted.party.caller, self.granting.recipient(project))
        contracts = {one.contract for one in project.plan.of_source(source.cbe_number)}
        return [
            Entry(
                call=admitted.call,
                stage=Stage.ACT,
                party=party,
                contract=contract,
                decision=decisions[contract],
                sources=(Leg(source.cbe_number, status(DONE)),),
                legal_context=project.plan.legal_context,
            )
            for contract in sorted(contracts)
        ]


def _refusal(admitted: Admitted[Organization]) -> Entry:
    return admitted.entry(Stage.REFUSAL)


def _coded(coders: Coders, unit: Unit) -> CodedUnit:
    household = b"" if unit.household is None else coders.households.code(digits(unit.household))
    return CodedUnit(coders.units.code(digits(unit.number)), household)


def _digest(columns: Sequence[str], rows: Sequence[tuple[bytes, tuple[str, ...]]]) -> bytes:
    digest = hashlib.sha256("\0".join(columns).encode())
    for number, values in rows:
        for part in (number, *(value.encode() for value in values)):
            digest.update(len(part).to_bytes(4) + part)
    return digest.digest()

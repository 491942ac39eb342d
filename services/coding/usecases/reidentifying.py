"""Codes lead back to persons: the bank requests, the committee approves, a source is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.admission.model import Admitted, Basis, Call, Entry, Leg, Stage
from services.admission.usecases import Arrivals, acting, batch
from services.coding.errors import (
    DeliberationMissing,
    NumbersSpent,
    ProjectUnknown,
    ReidentificationUnknown,
)
from services.coding.model import Actor, CodeList, ListState, Project, Unit
from services.coding.rules import lives
from services.coding.rules import reidentifying as rules
from services.coding.rules.codes import digits
from services.coding.rules.sending import check_known
from services.coding.usecases.granting import DONE, REFUSED, Decisions, Granting
from services.coding.usecases.keyring import Keyring
from services.coding.usecases.ports import ListStore, ProjectStore, RowStore
from services.coding.usecases.today import Today
from services.concepts.decision import Deliberation
from services.concepts.reference import Organization
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status


@dataclass(frozen=True)
class Told:
    """How a call ended, and who is meant."""

    call: Call
    status: Status
    meant: Sequence[bool] = ()


@dataclass(frozen=True)
class Reidentifying:
    """Leads lists of codes through their life, and tells their sources who is meant."""

    admission: Arrivals[Organization]
    lists: ListStore
    projects: ProjectStore
    rows: RowStore
    granting: Granting
    keyring: Keyring
    today: Today
    now: Callable[[], datetime]

    async def request(self, call: Call, wanted: CodeList, codes: Sequence[bytes]) -> CodeList:
        """Keep a new list, which opens nothing."""
        project = await self._project(wanted.project_id)
        async with acting(self.admission, _entry(call, project, wanted)):
            lives.check_named(wanted.requested_by)
            await self._check_office(wanted.requested_by)
            rules.check_about(project, wanted.source)
            lives.check_not_ended(project, call.day)
            seal, places = await self.keyring.seal(project)
            packed = rules.pack(codes)
            wanted = replace(wanted, digest=places.code(packed), requested_at=self.now())
            known = await self.lists.find(wanted.list_id)
            if known is not None:
                rules.check_same(known, wanted)
                return known
            source = self.granting.organization(wanted.source)
            decisions = await self.granting.on_ground(project, source, wanted.ground, call.day)
            if not rules.grants_ground(project, wanted.source, decisions):
                raise DeliberationMissing
        named = lives.record_id(wanted.list_id, ListState.REQUESTED.name)
        await self.admission.record(replace(_entry(call, project, wanted), record_id=named))
        async with acting(self.admission, _entry(call, project, wanted)):
            await self.lists.add(wanted, seal.seal_codes(packed, wanted.list_id.bytes))
        return await self._get(wanted.list_id)

    async def decide(self, call: Call, list_id: UUID, actor: Actor, *, approved: bool) -> CodeList:
        """Approve it or not, as another person of the other office."""
        at = self.now()
        return await self._move(
            call, list_id, actor, lambda one: rules.decide_list(one, actor, at, approved=approved)
        )

    async def end(self, call: Call, list_id: UUID, actor: Actor) -> CodeList:
        """Answer it no more."""
        at = self.now()
        return await self._move(call, list_id, actor, lambda one: rules.end_list(one, at))

    async def page(self, project_id: UUID, after: int, most: int) -> Sequence[CodeList]:
        """The lists of a project, by their sequence."""
        await self._project(project_id)
        return await self.lists.page(project_id, after, most)

    async def tell(self, call: Call, list_id: UUID, units: Sequence[Unit]) -> Told:
        """Which units of its own are meant, to the source of a list."""
        admitted = await self.admission.known(call)
        source = admitted.customer
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            known = await self._get(list_id)
            rules.check_told(known, source.cbe_number)
            project = await self._project(known.project_id)
            rules.check_about(project, source.cbe_number)
            lives.check_not_ended(project, call.day)
            check_known(project.plan, units)
        decisions = await self.granting.on_ground(project, source, known.ground, call.day)
        if not rules.grants_ground(project, source.cbe_number, decisions):
            return await self._refused(admitted, known, decisions)
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            most = project.plan.population.most_units
            day, name = call.day, source.cbe_number
            if not await self.rows.count(project.project_id, name, day, len(units), most):
                raise NumbersSpent
            codes = await self._codes(project, known)
        coders = await self.keyring.coders(project)
        current = await self.today.units(units)
        meant = [
            unit is not None and coders.units.code(digits(unit.number)) in codes for unit in current
        ]
        persons = [
            unit.number
            for unit, is_meant in zip(current, meant, strict=True)
            if unit is not None and is_meant and isinstance(unit.number, Ssin)
        ]
        said = status(DONE)
        heads = [replace(one, status=said) for one in _heads(admitted, known, decisions)]
        await self.admission.record(*(one for head in heads for one in batch(head, persons)))
        return Told(call, said, meant)

    async def _codes(self, project: Project, known: CodeList) -> frozenset[bytes]:
        sealed = await self.lists.codes_of(known.list_id)
        if sealed is None:
            raise ReidentificationUnknown
        seal, _ = await self.keyring.seal(project)
        return rules.unpack(seal.open_codes(sealed, known.list_id.bytes))

    async def _refused(
        self, admitted: Admitted[Organization], known: CodeList, decisions: Decisions
    ) -> Told:
        said = status(REFUSED)
        refused = (one.refused(said.code.code) for one in _heads(admitted, known, decisions))
        await self.admission.record(
            *(replace(one, stage=Stage.REFUSAL, status=said) for one in refused)
        )
        return Told(admitted.call, said)

    async def _move(
        self, call: Call, list_id: UUID, actor: Actor, move: Callable[[CodeList], CodeList]
    ) -> CodeList:
        known = await self._get(list_id)
        project = await self._project(known.project_id)
        async with acting(self.admission, _entry(call, project, known)):
            lives.check_named(actor)
            moved = move(known)
            if moved == known:
                return known
            await self._check_office(actor)
        named = lives.record_id(list_id, moved.state.name)
        await self.admission.record(replace(_entry(call, project, known), record_id=named))
        async with acting(self.admission, _entry(call, project, known)):
            await self.lists.move(known, moved)
        return await self._get(list_id)

    async def _check_office(self, actor: Actor) -> None:
        lives.check_office(actor, await self.projects.offices_of(actor.name))

    async def _get(self, list_id: UUID) -> CodeList:
        known = await self.lists.find(list_id)
        if known is None:
            raise ReidentificationUnknown
        return known

    async def _project(self, project_id: UUID) -> Project:
        project = await self.projects.find(project_id)
        if project is None:
            raise ProjectUnknown
        return project


def _entry(call: Call, project: Project, about: CodeList) -> Entry:
    basis = Basis(Deliberation(project.plan.deliberation, 0))
    return Entry(call=call, stage=Stage.ACT, decision=basis, legal_context=about.ground)


def _heads(admitted: Admitted[Organization], known: CodeList, decisions: Decisions) -> list[Entry]:
    """What is recorded: the source learns of its own persons what the project knows of them."""
    return [
        Entry(
            call=admitted.call,
            stage=Stage.OUTCOME,
            party=admitted.party,
            contract=contract,
            decision=decision,
            sources=(Leg(admitted.customer.cbe_number, status(DONE)),),
            legal_context=known.ground,
        )
        for contract, decision in decisions.items()
    ]

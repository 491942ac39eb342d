"""The life of projects: every step is in the trail before it is taken."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.admission.model import Basis, Call, Entry, Stage
from services.admission.usecases import Trail, acting
from services.coding.errors import ProjectUnknown, RequestReused
from services.coding.model import Actor, Hierarchies, Office, Plan, Project, State, Step
from services.coding.rules import lives, plans
from services.coding.rules.codes import SEED_BYTES
from services.coding.usecases.granting import Granting
from services.coding.usecases.keyring import Keyring
from services.coding.usecases.ports import ProjectStore, References
from services.concepts.decision import Deliberation

PEOPLE = (Office.BANK, Office.COMMITTEE)
Take = Callable[[Project, Step], Awaitable[None]]


@dataclass(frozen=True)
class Projects:
    """Leads projects through their life."""

    store: ProjectStore
    trail: Trail
    references: References
    granting: Granting
    keyring: Keyring
    now: Callable[[], datetime]
    chance: Callable[[int], bytes]
    """Bytes that nobody can guess."""
    hierarchies: Hierarchies

    async def get(self, project_id: UUID) -> Project:
        """One project."""
        found = await self.store.find(project_id)
        if found is None:
            raise ProjectUnknown
        return found

    async def page(self, after: int, most: int) -> Sequence[Project]:
        """Projects in the order of their requests."""
        return await self.store.page(after, most)

    async def request(self, call: Call, project_id: UUID, plan: Plan, actor: Actor) -> Project:
        """Keep a new project."""
        record = lives.record_id(project_id, State.REQUESTED.name)
        step = Step(State.REQUESTED, self.now(), actor, "", record)
        new = Project(project_id, plan, (step,))
        async with acting(self.trail, _entry(call, plan)):
            _check_named(actor)
            await self._check_office(actor)
            known = await self.store.find(project_id)
            if known is not None:
                if (known.plan, known.steps[0].actor) != (plan, actor):
                    raise RequestReused
                return known
            plans.check_plan(plan, self.references.current(), self.hierarchies, call.day)
        await self.trail.record(replace(_entry(call, plan), record_id=record))
        async with acting(self.trail, _entry(call, plan)):
            await self.store.add(new)
        return await self.get(project_id)

    async def assess(
        self, call: Call, project_id: UUID, actor: Actor, remark: str, *, feasible: bool
    ) -> Project:
        """Say whether the bank can do it."""
        to = State.FEASIBLE if feasible else State.REFUSED
        return await self._step(call, project_id, to, actor, remark, self.store.advance)

    async def decide(
        self, call: Call, project_id: UUID, actor: Actor, remark: str, *, approved: bool
    ) -> Project:
        """Approve it or not, as another person of the other office."""
        to = State.APPROVED if approved else State.REFUSED
        return await self._step(call, project_id, to, actor, remark, self.store.advance)

    async def open(self, call: Call, project_id: UUID, actor: Actor) -> Project:
        """Make the key, where the deliberation grants it all today."""

        async def take(project: Project, step: Step) -> None:
            seed = self.chance(SEED_BYTES)
            await self.store.open(project, step, seed, await self.keyring.digest(project, seed))

        async def granted(project: Project) -> None:
            lives.check_not_ended(project, call.day)
            decisions = await self.granting.decisions(project, call.day)
            plans.check_granted(project.plan, decisions)

        return await self._step(call, project_id, State.OPEN, actor, "", take, granted)

    async def close(self, call: Call, project_id: UUID, actor: Actor, remark: str) -> Project:
        """Destroy the key, and put in writing that it is destroyed."""
        closed = await self._step(call, project_id, State.CLOSED, actor, remark, self.store.advance)
        await self._confirm(call, closed)
        return await self.get(project_id)

    async def close_ended(self, made: Callable[[], Call]) -> int:
        """Close what is past its last day, and put in writing what is not yet; how many."""
        service = Actor("", Office.SERVICE)
        ended = await self.store.ended(made().day)
        for project in ended:
            await self.close(made(), project.project_id, service, "")
        unconfirmed = await self.store.unconfirmed()
        for project in unconfirmed:
            await self._confirm(made(), project)
        return len(ended) + len(unconfirmed)

    async def step(
        self,
        call: Call,
        project_id: UUID,
        to: State,
        actor: Actor,
        take: Take,
        check: Callable[[Project], Awaitable[None]],
    ) -> Project:
        """Take a step that somebody else knows how to take."""
        return await self._step(call, project_id, to, actor, "", take, check)

    async def _step(
        self,
        call: Call,
        project_id: UUID,
        to: State,
        actor: Actor,
        remark: str,
        take: Take,
        check: Callable[[Project], Awaitable[None]] | None = None,
    ) -> Project:
        project = await self.get(project_id)
        async with acting(self.trail, _entry(call, project.plan)):
            _check_named(actor)
            if lives.is_repeated(project, to, actor, remark):
                return project
            step = lives.next_step(project, to, actor, self.now(), remark)
            await self._check_office(actor)
            if check is not None:
                await check(project)
        await self.trail.record(replace(_entry(call, project.plan), record_id=step.record_id))
        async with acting(self.trail, _entry(call, project.plan)):
            await take(project, step)
        return await self.get(project_id)

    async def _check_office(self, actor: Actor) -> None:
        if actor.office in PEOPLE:
            lives.check_office(actor, await self.store.offices_of(actor.name))

    async def _confirm(self, call: Call, project: Project) -> None:
        """Put in writing, after it, that a key was destroyed."""
        if not project.key_digest or project.destruction is not None:
            return
        record = lives.destruction_id(project)
        await self.trail.record(replace(_entry(call, project.plan), record_id=record))
        await self.store.confirm(project.project_id, record)


def _check_named(actor: Actor) -> None:
    if actor.office in PEOPLE:
        lives.check_named(actor)


def _entry(call: Call, plan: Plan) -> Entry:
    basis = Basis(Deliberation(plan.deliberation, 0))
    return Entry(call=call, stage=Stage.ACT, decision=basis, legal_context=plan.legal_context)

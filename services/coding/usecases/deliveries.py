"""What is handed over: joined, measured, released by the bank, confirmed by the recipient."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.admission.model import Admitted, Call, Entry, Stage
from services.admission.usecases import Arrivals, acting
from services.coding.errors import ContentDiffers, ProjectUnknown, ReleaseRefused
from services.coding.model import (
    Actor,
    Delivery,
    Held,
    Hierarchies,
    Office,
    Page,
    Project,
    Report,
    Row,
    State,
    Step,
)
from services.coding.rules import lives, plans
from services.coding.rules.anonymising import anonymise, refusals
from services.coding.rules.codes import content_sha256
from services.coding.rules.joining import join
from services.coding.rules.sealing import RowSeal
from services.coding.usecases.granting import DONE, REFUSED, Decisions, Granting
from services.coding.usecases.keyring import Keyring
from services.coding.usecases.ports import ProjectStore, RowStore
from services.coding.usecases.projects import Projects
from services.concepts.reference import Organization
from services.concepts.status import Status, status

ROWS_A_PAGE = 1000


@dataclass(frozen=True)
class Handed:
    """How a call ended, and the page that it gives."""

    call: Call
    status: Status
    project: Project | None = None
    rows: Sequence[Row] = ()
    next_page: int | None = None


@dataclass(frozen=True)
class Deliveries:
    """Releases what sources sent, and hands it over."""

    admission: Arrivals[Organization]
    lives_of: Projects
    projects: ProjectStore
    rows: RowStore
    granting: Granting
    keyring: Keyring
    now: Callable[[], datetime]
    hierarchies: Hierarchies

    async def release(self, call: Call, project_id: UUID, actor: Actor) -> Project:
        """Join, measure and release, or say all that is against it."""

        joined: list[tuple[list[Row], int, RowSeal, Report]] = []

        async def measured(project: Project) -> None:
            lives.check_not_ended(project, call.day)
            decisions = await self.granting.decisions(project, call.day)
            plans.check_granted(project.plan, decisions)
            sent, held, seal = await self._joined(project)
            rows, report = await asyncio.to_thread(anonymise, project.plan, sent, self.hierarchies)
            if problems := [*refusals(project.plan, report)]:
                raise ReleaseRefused(violations=problems)
            joined.append((rows, held, seal, report))

        async def released(project: Project, step: Step) -> None:
            ((rows, held, seal, report),) = joined
            digest, pages = await asyncio.to_thread(_pages, project, rows, seal)
            delivery = Delivery(digest, step.at, report)
            await self.rows.release(project, step, delivery, pages, held)

        return await self.lives_of.step(call, project_id, State.RELEASED, actor, released, measured)

    async def page(self, call: Call, project_id: UUID, number: int) -> Handed:
        """A page of what was released, for its recipient."""
        admitted, project = await self._receiving(call, project_id)
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            lives.check_receiving(project, admitted.customer.cbe_number)
            lives.check_not_ended(project, call.day)
        decisions = await self.granting.decisions(project, call.day)
        if not plans.is_granted(project.plan, decisions):
            said = status(REFUSED)
            entries = _entries(admitted, project, decisions)
            await self.admission.record(
                *(replace(one.refused(said.code.code), status=said) for one in entries)
            )
            return Handed(call, said)
        rows = await self._page(project, number)
        after = await self.rows.page_of(project_id, number + 1)
        said = status(DONE)
        await self.admission.record(
            *(
                replace(one, stage=Stage.OUTCOME, status=said)
                for one in _entries(admitted, project, decisions)
            )
        )
        return Handed(call, said, project, rows, None if after is None else number + 1)

    async def acknowledge(self, call: Call, project_id: UUID, digest: str) -> None:
        """The recipient has it all: nothing is held any more."""
        admitted, project = await self._receiving(call, project_id)
        actor = Actor(admitted.customer.cbe_number.digits, Office.RECIPIENT)
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            delivered = project.state is State.DELIVERED
            if not delivered or project.plan.recipient != admitted.customer.cbe_number:
                lives.check_receiving(project, admitted.customer.cbe_number)
            if project.delivery is None or project.delivery.content_sha256 != digest:
                raise ContentDiffers
            if delivered:
                await self.admission.record(admitted.entry(Stage.ACT, changes=False))
                return
            step = lives.next_step(project, State.DELIVERED, actor, self.now(), "")
        entry = replace(admitted.entry(Stage.ACT), record_id=step.record_id)
        await self.admission.record(entry)
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            await self.projects.advance(project, step)

    async def _receiving(
        self, call: Call, project_id: UUID
    ) -> tuple[Admitted[Organization], Project]:
        admitted = await self.admission.known(call)
        async with acting(self.admission, admitted.entry(Stage.REFUSAL)):
            project = await self.projects.find(project_id)
            if project is None:
                raise ProjectUnknown
        return admitted, project

    async def _joined(self, project: Project) -> tuple[list[Row], int, RowSeal]:
        seal, _ = await self.keyring.seal(project)
        held: list[Held] = [one async for one in self.rows.held(project.project_id)]
        return await asyncio.to_thread(join, project.plan, seal, held), len(held), seal

    async def _page(self, project: Project, number: int) -> Sequence[Row]:
        sealed = await self.rows.page_of(project.project_id, number)
        if sealed is None:
            return ()
        seal, _ = await self.keyring.seal(project)
        return seal.open(sealed, _bound(project, number))


def _pages(project: Project, rows: Sequence[Row], seal: RowSeal) -> tuple[str, list[Page]]:
    digest = content_sha256(project.plan.columns, ((one.unit, one.values) for one in rows))
    return digest, [
        Page(n, seal.seal(rows[first : first + ROWS_A_PAGE], _bound(project, n)))
        for n, first in enumerate(range(0, len(rows), ROWS_A_PAGE))
    ]


def _bound(project: Project, number: int) -> bytes:
    return b"page" + project.project_id.bytes + number.to_bytes(4)


def _entries(
    admitted: Admitted[Organization], project: Project, decisions: Decisions
) -> list[Entry]:
    return [
        Entry(
            call=admitted.call,
            stage=Stage.REFUSAL,
            party=admitted.party,
            contract=contract,
            decision=decision,
            legal_context=project.plan.legal_context,
        )
        for contract, decision in decisions.items()
    ]

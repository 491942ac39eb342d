"""Projects and their steps."""

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.coding.errors import RequestReused, TransitionForbidden
from services.coding.model import (
    Actor,
    Delivery,
    Loss,
    Measures,
    Office,
    Plan,
    Project,
    Report,
    State,
    Step,
)
from services.kit.postgres import retrying, statements

SQL = statements("services.coding")


class Form(Protocol):
    """Reads and writes plans as they travel."""

    def read(self, content: bytes) -> Plan: ...

    def write(self, plan: Plan) -> bytes: ...


@dataclass(frozen=True)
class PostgresProjects:
    """Keeps projects."""

    pool: asyncpg.Pool
    form: Form

    async def find(self, project_id: UUID) -> Project | None:
        """The project of an identification."""
        found = await self._read(SQL.find_project, project_id)
        return found[0] if found else None

    async def page(self, after: int, most: int) -> Sequence[Project]:
        """Projects by sequence, after one of them."""
        return await self._read(SQL.list_projects, after, most)

    async def ended(self, today: date) -> Sequence[Project]:
        """Some of those that are neither closed nor refused, and whose last day is past."""
        return await self._read(SQL.list_ended_projects, today)

    async def unconfirmed(self) -> Sequence[Project]:
        """Some of those that are closed, had a key, and have no record of its destruction."""
        return await self._read(SQL.list_unconfirmed_projects)

    async def offices_of(self, person: str) -> Set[Office]:
        """In which offices somebody has taken steps."""
        rows = await retrying(lambda: self.pool.fetch(SQL.find_offices, person))
        return frozenset(Office(row["office"]) for row in rows)

    async def add(self, project: Project) -> None:
        """Keep a new project."""
        (step,), plan = project.steps, project.plan

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                written = self.form.write(plan)
                told = project.project_id, written, plan.end_date, step.state.value
                await connection.execute(SQL.add_project, *told)
                await connection.execute(SQL.add_step, *_columns(project.project_id, 1, step))

        try:
            await retrying(once)
        except asyncpg.UniqueViolationError:
            raise RequestReused from None

    async def advance(self, project: Project, step: Step) -> None:
        """Take a step, and delete what the project no longer needs then."""
        named, to = project.project_id, step.state.value

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await take(connection, project, step)
                if step.state is State.CLOSED:
                    await connection.execute(SQL.close_project, named, to)
                    await empty(connection, named)
                    await connection.execute(SQL.delete_numberings, named)
                    await connection.execute(SQL.end_lists, named, step.at)
                elif step.state is State.DELIVERED:
                    await connection.execute(SQL.deliver_project, named, to, step.at)
                    await empty(connection, named)
                else:
                    await connection.execute(SQL.move_project, named, to)

        await retrying(once)

    async def open(self, project: Project, step: Step, seed: bytes, key_digest: str) -> None:
        """Take the step that opens, with what the keys are derived from."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await take(connection, project, step)
                told = project.project_id, step.state.value, seed, key_digest
                await connection.execute(SQL.open_project, *told)

        await retrying(once)

    async def confirm(self, project_id: UUID, record_id: UUID) -> None:
        """The trail has it that the key was destroyed."""
        await retrying(lambda: self.pool.execute(SQL.confirm_destruction, project_id, record_id))

    async def seed_of(self, project_id: UUID) -> bytes | None:
        """What the keys of a project are derived from, while it has any."""
        seed: bytes | None = await retrying(lambda: self.pool.fetchval(SQL.find_seed, project_id))
        return seed

    async def _read(self, statement: str, *arguments: object) -> list[Project]:
        async def once() -> tuple[list[asyncpg.Record], list[asyncpg.Record]]:
            async with (
                self.pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                rows = await connection.fetch(statement, *arguments)
                named = [row["project_id"] for row in rows]
                return rows, await connection.fetch(SQL.list_steps, named)

        rows, told = await retrying(once)
        steps: dict[UUID, list[Step]] = {}
        for one in told:
            steps.setdefault(one["project_id"], []).append(_step(one))
        return [self._project(row, tuple(steps[row["project_id"]])) for row in rows]

    def _project(self, row: asyncpg.Record, steps: tuple[Step, ...]) -> Project:
        return Project(
            row["project_id"],
            self.form.read(row["plan"]),
            steps,
            row["key_digest"],
            _delivery(row),
            row["destruction"],
            row["sequence"],
        )


async def take(
    connection: "PoolConnectionProxy[asyncpg.Record]", project: Project, step: Step
) -> None:
    """Write a step, unless somebody else was first."""
    state = await connection.fetchval(SQL.lock_state, project.project_id)
    if state != project.state.value:
        raise TransitionForbidden
    number = len(project.steps) + 1
    await connection.execute(SQL.add_step, *_columns(project.project_id, number, step))


async def empty(connection: "PoolConnectionProxy[asyncpg.Record]", project_id: UUID) -> None:
    """Delete all that was sent, and all that was to be handed over."""
    for statement in (SQL.delete_held, SQL.delete_chunks, SQL.delete_pages):
        await connection.execute(statement, project_id)


def _columns(project_id: UUID, number: int, step: Step) -> tuple[object, ...]:
    return (
        *(project_id, number, step.state.value, step.at),
        *(step.actor.name, step.actor.office.value, step.remark, step.record_id),
    )


def _step(row: asyncpg.Record) -> Step:
    actor = Actor(row["actor"], Office(row["office"]))
    return Step(State(row["state"]), row["at"], actor, row["remark"], row["record_id"])


def _delivery(row: asyncpg.Record) -> Delivery | None:
    if row["released_at"] is None:
        return None
    told = json.loads(row["report"])
    report = Report(
        Measures(**told["before"]),
        Measures(**told["after"]),
        told["suppressed"],
        told["lost_per_mille"],
        tuple(Loss(**one) for one in told["losses"]),
    )
    return Delivery(row["content_sha256"], row["released_at"], report, row["delivered_at"])

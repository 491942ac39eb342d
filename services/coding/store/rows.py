"""What sources sent, until it is delivered."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.coding.errors import (
    ProjectNotOpen,
    RequestReused,
    TransitionForbidden,
    UnitSentAlready,
)
from services.coding.model import Delivery, Held, Page, Project, State, Step
from services.coding.store.projects import SQL, take
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying

_AT_ONCE = 5000


@dataclass(frozen=True)
class PostgresRows:
    """Keeps rows, sealed."""

    pool: asyncpg.Pool

    async def count(
        self, project_id: UUID, source: EnterpriseNumber, day: date, units: int, most: int
    ) -> bool:
        """Count units that a source has numbered; whether they are within the most of the day."""
        if units > most:
            return False
        # Counted twice if the connection is lost at the wrong moment: rather too many than too few.
        found = await retrying(
            lambda: self.pool.fetchval(SQL.count_units, project_id, source.number, day, units, most)
        )
        return found is not None

    async def hold(
        self,
        project_id: UUID,
        source: EnterpriseNumber,
        chunk: tuple[UUID, bytes],
        rows: Sequence[Held],
    ) -> bool:
        """Keep a chunk while the project is open; whether it is new."""
        chunk_id, digest = chunk

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                # Whoever releases or closes waits for this, and this for them.
                state = await connection.fetchval(SQL.share_state, project_id)
                if state != State.OPEN.value:
                    raise ProjectNotOpen
                named = project_id, source.number, chunk_id
                known = await connection.fetchval(SQL.find_chunk, *named)
                if known is not None:
                    if known != digest:
                        raise RequestReused
                    return False
                await connection.execute(SQL.add_chunk, *named, digest)
                await connection.copy_records_to_table(
                    "held_row",
                    records=[(project_id, one.unit, source.number, one.sealed) for one in rows],
                    columns=["project_id", "place", "source", "sealed"],
                )
                return True

        try:
            return await retrying(once)
        except asyncpg.UniqueViolationError as found:
            if found.constraint_name == "unit_sent_already":
                raise UnitSentAlready from None
            # The same chunk at the same moment: it is there now, or goes in now.
            return await retrying(once)

    async def held(self, project_id: UUID) -> AsyncIterator[Held]:
        """All rows of a project, by their places."""
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            async for row in connection.cursor(SQL.list_held, project_id, prefetch=_AT_ONCE):
                yield Held(row["place"], EnterpriseNumber(row["source"]), row["sealed"])

    async def release(
        self, project: Project, step: Step, delivery: Delivery, pages: Sequence[Page], held: int
    ) -> None:
        """Take the step that releases, with what is handed over, all or nothing."""
        named = project.project_id

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await take(connection, project, step)
                if await connection.fetchval(SQL.count_held, named) != held:
                    raise TransitionForbidden
                await connection.execute(
                    SQL.release_project,
                    *(named, step.state.value, delivery.content_sha256),
                    *(json.dumps(asdict(delivery.report)), delivery.released_at),
                )
                await connection.execute(SQL.delete_held, named)
                await connection.copy_records_to_table(
                    "page",
                    records=[(named, one.number, one.sealed) for one in pages],
                    columns=["project_id", "number", "sealed"],
                )

        await retrying(once)

    async def page_of(self, project_id: UUID, number: int) -> bytes | None:
        """A page of what was released, as it rests."""
        sealed: bytes | None = await retrying(
            lambda: self.pool.fetchval(SQL.find_page, project_id, number)
        )
        return sealed

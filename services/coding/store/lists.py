"""Lists of codes that lead back to persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.coding.errors import (
    ReidentificationPending,
    RequestReused,
    TransitionForbidden,
)
from services.coding.model import Actor, CodeList, ListState, Office
from services.coding.store.projects import SQL
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.kit.postgres import retrying


@dataclass(frozen=True)
class PostgresLists:
    """Keeps lists, their codes sealed."""

    pool: asyncpg.Pool

    async def find(self, list_id: UUID) -> CodeList | None:
        """The list of an identification."""
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_list, list_id))
        return None if row is None else _list(row)

    async def page(self, project_id: UUID, after: int, most: int) -> Sequence[CodeList]:
        """The lists of a project by sequence, after one of them."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_lists, project_id, after, most))
        return [_list(row) for row in rows]

    async def add(self, one: CodeList, sealed: bytes) -> None:
        """Keep a new list; ReidentificationPending while another of the project is open."""
        told = (
            *(one.list_id, one.project_id, one.ground, one.source.number, one.remark),
            *(one.code_count, one.digest, sealed, one.state.value),
            *(one.requested_by.name, one.requested_at),
        )
        try:
            await retrying(lambda: self.pool.execute(SQL.add_list, *told))
        except asyncpg.UniqueViolationError as found:
            if found.constraint_name == "reidentification_pending":
                raise ReidentificationPending from None
            raise RequestReused from None

    async def move(self, before: CodeList, after: CodeList) -> None:
        """Keep what became of a list, unless somebody else was first; codes go when it is over."""
        decided = "" if after.decided_by is None else after.decided_by.name
        told = (
            *(before.list_id, before.state.value, after.state.value),
            *(decided, after.decided_at, after.ended_at),
        )
        moved = await retrying(lambda: self.pool.fetchval(SQL.move_list, *told))
        if moved is None:
            raise TransitionForbidden

    async def codes_of(self, list_id: UUID) -> bytes | None:
        """The codes of a list, as they rest; nothing once it is over."""
        sealed: bytes | None = await retrying(lambda: self.pool.fetchval(SQL.find_codes, list_id))
        return sealed


def _list(row: asyncpg.Record) -> CodeList:
    decided = row["decided_by"]
    return CodeList(
        row["list_id"],
        row["project_id"],
        LegalContext(row["ground"]),
        EnterpriseNumber(row["source"]),
        row["remark"],
        row["code_count"],
        row["digest"],
        ListState(row["state"]),
        Actor(row["requested_by"], Office.BANK),
        row["requested_at"],
        Actor(decided, Office.COMMITTEE) if decided else None,
        row["decided_at"],
        row["ended_at"],
        row["sequence"],
    )

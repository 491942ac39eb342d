"""Decisions that persons are told of, in PostgreSQL: only ever added."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.audit.decisions.model import KeptDecision, NewDecision
from services.audit.trail.model import HiddenSubject, Sealed
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresDecisions:
    """Keeps decisions, as a role that can add and read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, told: NewDecision) -> KeptDecision:
        """Make a decision durable; what is kept under its identification."""
        columns = (
            *(told.decision_id, told.organization.digits),
            *(told.subject.key, told.subject.key_version, told.subject.encrypted),
            *(told.sealed.key_version, told.sealed.content),
        )
        await retrying(lambda: self._pool.execute(SQL.add_decision, *columns))
        [row] = await self._fetch(SQL.find_decision, told.decision_id)
        return _decision(row)

    async def find(self, decision_id: UUID) -> KeptDecision | None:
        """A decision, if there is one."""
        rows = await self._fetch(SQL.find_decision, decision_id)
        return _decision(rows[0]) if rows else None

    async def of_subject(self, keys: Sequence[bytes], after: int, most: int) -> list[KeptDecision]:
        """The decisions about a person, in the order of recording."""
        rows = await self._fetch(SQL.list_decisions, list(keys), after, most)
        return [_decision(row) for row in rows]

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await retrying(lambda: self._pool.fetch(statement, *arguments))


def _decision(row: asyncpg.Record) -> KeptDecision:
    told = NewDecision(
        row["decision_id"],
        EnterpriseNumber(int(row["organization"])),
        HiddenSubject(row["subject_key"], row["subject_key_version"], row["subject_encrypted"]),
        Sealed(row["content_key_version"], row["content"]),
    )
    return KeptDecision(row["sequence"], told, row["recorded_at"])

"""Acts and what is in force, in PostgreSQL: one row is all that is in force, and the lock."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from uuid import UUID

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements
from services.registry.model import Act, Change, Head, Listing, State

SQL = statements("services.registry")


class Form(Protocol):
    """Reads and writes the changes of an act as they travel."""

    def read_changes(self, content: bytes) -> tuple[Change, ...]: ...

    def write_changes(self, changes: Sequence[Change]) -> bytes: ...

    def about(self, changes: Sequence[Change]) -> Collection[EnterpriseNumber]: ...


class Decide(Protocol):
    """Says what becomes of what is in force and of some acts."""

    def __call__(self, head: Head, known: Sequence[Act], /) -> tuple[Head, Sequence[Act]]: ...


@dataclass(frozen=True)
class PostgresStore:
    """Keeps the registry in PostgreSQL."""

    pool: asyncpg.Pool
    form: Form

    async def head(self, known: bytes) -> Head:
        """What is in force; without its content if the digest is known."""
        (row,) = await retrying(lambda: self.pool.fetch(SQL.find_digest))
        if row["digest"] == known:
            return Head(row["version"], row["digest"])
        (row,) = await retrying(lambda: self.pool.fetch(SQL.find_head))
        return Head(**row)

    async def update(self, act_ids: Collection[UUID], decide: Decide) -> list[Act]:
        """Change what is in force and some acts, alone; the acts as they are kept then."""
        wanted = list(act_ids)

        async def once() -> list[Act]:
            async with self.pool.acquire() as connection, connection.transaction():
                (row,) = await connection.fetch(SQL.lock_head)
                head = Head(**row)
                known = await asyncio.to_thread(
                    self._acts, await connection.fetch(SQL.find_acts, wanted)
                )
                after, acts = await asyncio.to_thread(decide, head, known)
                if after != head:
                    values = after.version, after.digest, after.content
                    await connection.execute(SQL.put_head, *values)
                await connection.executemany(SQL.put_act, [self._row(one) for one in acts])
                return self._acts(await connection.fetch(SQL.find_acts, wanted))

        return await retrying(once)

    async def find(self, act_ids: Collection[UUID]) -> list[Act]:
        """Acts by their identification, by sequence."""
        return await self._fetch(SQL.find_acts, list(act_ids))

    async def offices_of(self, person: str) -> tuple[bool, bool]:
        """Whether somebody has prepared acts, and whether decided what others prepared."""
        (row,) = await retrying(lambda: self.pool.fetch(SQL.find_offices, person))
        return row["has_prepared"], row["has_decided"]

    async def page(self, listing: Listing) -> list[Act]:
        """Acts, the last first."""
        statement = SQL.list_prepared_acts if listing.waiting_only else SQL.list_acts
        return await self._fetch(statement, listing.before, listing.most)

    async def waiting_about(self, number: EnterpriseNumber) -> list[Act]:
        """The acts about an organization that are not in force yet, by sequence."""
        return await self._fetch(SQL.list_waiting_acts_about, number.number)

    async def unrecorded(self, most: int) -> list[Act]:
        """Acts that are decided and not recorded, by sequence."""
        return await self._fetch(SQL.list_unrecorded_acts, most)

    async def archive(self) -> tuple[Head, list[Act]]:
        """What is in force and every act, as of one moment."""
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            (row,) = await connection.fetch(SQL.find_head)
            return Head(**row), self._acts(await connection.fetch(SQL.list_all_acts))

    async def _fetch(self, statement: str, *arguments: object) -> list[Act]:
        rows = await retrying(lambda: self.pool.fetch(statement, *arguments))
        return self._acts(rows)

    def _acts(self, rows: Sequence[asyncpg.Record]) -> list[Act]:
        return [
            Act(
                # The driver's own kind of UUID is told apart by some comparisons.
                UUID(int=row["act_id"].int),
                self.form.read_changes(row["content"]),
                State[row["state"]],
                row["prepared_by"],
                row["prepared_at"],
                row["decided_by"],
                row["decided_at"],
                row["recorded"],
                row["version"],
                row["failure"],
                row["sequence"],
                sha256(row["content"]).digest(),
            )
            for row in rows
        ]

    def _row(self, act: Act) -> tuple[object, ...]:
        return (
            act.act_id,
            self.form.write_changes(act.changes),
            [one.number for one in self.form.about(act.changes)],
            act.state.name,
            act.prepared_by,
            act.prepared_at,
            act.decided_by,
            act.decided_at,
            act.recorded,
            act.version,
            act.failure,
        )

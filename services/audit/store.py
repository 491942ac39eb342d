"""The trail in PostgreSQL: rows go in by hundreds, and nothing ever changes or leaves."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

import asyncpg

from services.audit.model import HiddenReplacement, HiddenSubject, Kept, Row
from services.kit.coalesce import Coalescer
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresStore:
    """Keeps records in the table `record`, as a role that can add and read and nothing else.

    What is handed over while a commit is under way shares the next one; `async with` waits for the
    last at the end.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._commits: Coalescer[Sequence[Row], None] = Coalescer(self._commit)

    async def add(self, rows: Sequence[Row]) -> None:
        """Make the records durable, all in one transaction."""
        await self._commits(rows)

    async def _commit(self, handed_over: Sequence[Sequence[Row]]) -> list[None]:
        rows = [row for rows in handed_over for row in rows]
        # The same order everywhere: who records the same waits for the other, never in a ring.
        rows.sort(key=lambda row: row.entry.record_id)
        columns = [list(column) for column in zip(*map(_columns, rows), strict=True)]
        await retrying(lambda: self._pool.execute(SQL.add_records, *columns))
        return [None] * len(handed_over)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._commits.close()

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> list[Kept]:
        """The records of an exchange, in the order of recording."""
        return await self._kept(SQL.list_records_by_ticket, ticket, after, most)

    async def of_subject(self, keys: Sequence[bytes], after: int, most: int) -> list[Kept]:
        """The records about a person, in the order of recording."""
        return await self._kept(SQL.list_records_by_subject, list(keys), after, most)

    async def add_replacement(self, replacement: HiddenReplacement) -> HiddenReplacement:
        """Make a replacement durable; what is kept of its event, for it may be there already."""
        await retrying(
            lambda: self._pool.execute(SQL.add_replacement, *_replacement_columns(replacement))
        )
        [kept] = await retrying(
            lambda: self._pool.fetch(SQL.find_replacement, replacement.event_id)
        )
        return _replacement(kept)

    async def replacements_of(self, keys: Sequence[bytes], most: int) -> list[HiddenReplacement]:
        """The replacements that a number with one of these keys had a part in."""
        rows = await retrying(lambda: self._pool.fetch(SQL.list_replacements, list(keys), most))
        return [_replacement(row) for row in rows]

    async def _kept(self, statement: str, *arguments: object) -> list[Kept]:
        rows = await retrying(lambda: self._pool.fetch(statement, *arguments))
        return [Kept(row["sequence"], row["content"]) for row in rows]


def _columns(row: Row) -> tuple[object, ...]:
    entry, subject = row.entry, row.subject
    return (
        entry.record_id,
        entry.ticket,
        entry.stage.value,
        subject and subject.key,
        subject and subject.key_version,
        subject and subject.encrypted,
        entry.content,
    )


def _replacement_columns(replacement: HiddenReplacement) -> tuple[object, ...]:
    old, new = replacement.old, replacement.new
    return (
        replacement.event_id,
        replacement.occurred_at,
        *(old.key, old.key_version, old.encrypted),
        *(new.key, new.key_version, new.encrypted),
    )


def _replacement(row: asyncpg.Record) -> HiddenReplacement:
    old, new = (
        HiddenSubject(row[f"{part}_key"], row[f"{part}_key_version"], row[f"{part}_encrypted"])
        for part in ("old", "new")
    )
    return HiddenReplacement(row["event_id"], old, new, row["occurred_at"])

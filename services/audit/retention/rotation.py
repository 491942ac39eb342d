"""What is hidden outside the log, hidden anew when the secret changes.

A report, a decision or a replacement is found by a digest that is made with the secret itself, not
with the key of a month: an old version could not be thrown away while any of them is under it. Each
part is a transaction of its own, and what is under the current version is passed over: a run that
is interrupted is done again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag

from services.audit.trail.model import HiddenSubject, Sealed
from services.audit.trail.subjects import SubjectKeys, SubjectKeysUnusable
from services.kit.postgres import statements

SQL = statements("services.audit")
AT_ONCE = 500
"""How many are rewritten in one transaction, so that nobody waits long for a row."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: how it is called, what is under another version in it, how it is rewritten, and
    how a row of it is hidden anew."""

    name: str
    listed: str
    rotated: str
    renewed: Callable[[asyncpg.Record, SubjectKeys], Sequence[object]]


class Rotation:
    """Rewrites what is hidden outside the log, as its owner."""

    def __init__(self, connection: asyncpg.Connection, keys: SubjectKeys) -> None:
        self._connection = connection
        self._keys = keys

    async def rotate(self, told: Callable[[str, int], None]) -> bool:
        """Hide everything with the current version; whether nothing is left that needs another.

        Something is left when a service that has not been told of the new version goes on adding.
        """
        for table in TABLES:
            await self._rewrite(table, told)
        return not await self._connection.fetchval(
            SQL.count_under_other_secrets, self._keys.current
        )

    async def _rewrite(self, table: Table, told: Callable[[str, int], None]) -> None:
        after: UUID | None = None
        while rows := await self._connection.fetch(
            table.listed, after, self._keys.current, AT_ONCE
        ):
            try:
                made = [table.renewed(row, self._keys) for row in rows]
            except (KeyError, InvalidTag):
                raise SubjectKeysUnusable(f"a row of {table.name} cannot be opened") from None
            columns = [list(column) for column in zip(*made, strict=True)]
            await self._connection.execute(table.rotated, *columns)
            after = rows[-1]["id"]
            told(table.name, len(rows))


def _subject(row: asyncpg.Record, keys: SubjectKeys, part: str = "subject") -> HiddenSubject:
    """Somebody under the current version; one event in two places keeps its identification."""
    version = row[f"{part}_key_version"]
    held = HiddenSubject(row[f"{part}_key"], version, row[f"{part}_encrypted"])
    return keys.hide(keys.reveal(held, row["id"]), row["id"])


def _one(row: asyncpg.Record, keys: SubjectKeys) -> Sequence[object]:
    made = _subject(row, keys)
    return row["id"], row["subject_key_version"], made.key, made.key_version, made.encrypted


def _decision(row: asyncpg.Record, keys: SubjectKeys) -> Sequence[object]:
    content = keys.open(Sealed(row["content_key_version"], row["content"]), row["id"])
    return *_one(row, keys), keys.seal(content, row["id"]).content


def _replacement(row: asyncpg.Record, keys: SubjectKeys) -> Sequence[object]:
    old, new = (_subject(row, keys, part) for part in ("old", "new"))
    return (
        *(row["id"], row["old_key_version"]),
        *(old.key, old.key_version, old.encrypted),
        *(new.key, new.encrypted),
    )


TABLES = (
    Table("error_report", SQL.list_reports_to_rotate, SQL.rotate_reports, _one),
    Table("decision", SQL.list_decisions_to_rotate, SQL.rotate_decisions, _decision),
    Table("replacement", SQL.list_replacements_to_rotate, SQL.rotate_replacements, _replacement),
)

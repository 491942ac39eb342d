"""Numbers that were replaced, in PostgreSQL: outside the log, found from either number."""

from collections.abc import Sequence

import asyncpg

from services.audit.trail.model import HiddenReplacement, HiddenSubject
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresReplacements:
    """Keeps replacements in the table of that name, as a role that can add and read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

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

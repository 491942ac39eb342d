"""Where records are in the log, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from services.audit.trail.model import Kept, Progress
from services.audit.trail.store.leaves import leaf
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresPlaces:
    """Finds the index of a record in the log, and how far the log is behind."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def indexes(self, sequences: Sequence[int]) -> Mapping[int, int]:
        """The index of each place in the order of recording that has one."""
        rows = await retrying(lambda: self._pool.fetch(SQL.list_indexes, list(sequences)))
        return {row["sequence"]: row["log_index"] for row in rows}

    async def leaf(self, record_id: UUID) -> tuple[int, bytes] | None:
        """The place of a record in the order of recording, and its leaf."""
        row = await retrying(lambda: self._pool.fetchrow(SQL.find_record, record_id))
        if row is None:
            return None
        kept = Kept(
            *(row[name] for name in ("sequence", "record_id", "ticket", "content", "ground"))
        )
        return kept.sequence, leaf(kept, row["subject_key"])

    async def progress(self) -> Progress:
        """How far the log has grown, and whether there is more to take."""
        [row] = await retrying(lambda: self._pool.fetch(SQL.find_waiting))
        return Progress(row["size"], row["last_sequence"], row["is_waiting"])

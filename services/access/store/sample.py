"""What was really asked, in PostgreSQL: distinct questions of a day and how often; no person."""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import asyncpg

from services.access.store import rows
from services.access.store.postgres import SQL
from services.kit.postgres import retrying

MOST_A_DAY = 10_000
"""Distinct questions of a day that are kept: some 250 megabytes in a quarter at most."""

PORTION = 1000
"""How many questions a statement counts: more would keep the loop from decisions meanwhile."""

Asked = tuple[date, bytes, int]
"""A question as it travelled, the day it was asked, and how often."""


class PostgresSample:
    """Counts questions, and lists those that were asked most."""

    def __init__(self, pool: asyncpg.Pool, most_a_day: int = MOST_A_DAY) -> None:
        self._pool = pool
        self.most_a_day = most_a_day

    async def count(self, day: date, asked: Mapping[bytes, int]) -> None:
        """Add to the counts of a day, which holds a bounded number of distinct questions."""
        for columns in await asyncio.to_thread(_portions, asked):
            await retrying(
                partial(self._pool.execute, SQL.count_asked, day, *columns, self.most_a_day)
            )

    async def most_asked(self, most: int) -> list[Asked]:
        """The questions that were asked most, the most frequent first."""
        found = await retrying(lambda: self._pool.fetch(SQL.list_asked, most))
        return [(row["day"], row["question"], row["times"]) for row in found]

    async def purge(self, before: date) -> None:
        """Delete what was asked before a day."""
        await retrying(lambda: self._pool.execute(SQL.purge_asked, before))


def _portions(asked: Mapping[bytes, int]) -> list[list[list[Any]]]:
    # The same order everywhere: replicas that count the same wait for each other, never in a ring.
    ordered = sorted(
        (hashlib.sha256(question).digest(), question, times) for question, times in asked.items()
    )
    return [
        rows.columns_of(ordered[begin : begin + PORTION], 3)
        for begin in range(0, len(ordered), PORTION)
    ]

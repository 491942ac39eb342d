"""Batches as their customers see them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying
from services.routing.batches.model import Batch, ResultPage
from services.routing.batches.store import rows
from services.routing.batches.store.rows import SQL
from services.routing.batches.store.sealing import Seal

_DONE = 3


@dataclass(frozen=True)
class PostgresDesk:
    """Tells of batches, as the service."""

    pool: asyncpg.Pool
    seal: Seal

    async def find(self, customer: EnterpriseNumber, batch_id: UUID) -> Batch | None:
        """A batch of a customer."""
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_batch, customer.number, batch_id))
        return None if row is None else rows.batch(row)

    async def order(self, batch_id: UUID) -> bytes:
        """What a batch asks, as it was kept."""
        sealed = await retrying(lambda: self.pool.fetchval(SQL.find_order, batch_id))
        (kept,) = self.seal.open(sealed, batch_id, "order")
        return kept

    async def latest(
        self, customer: EnterpriseNumber, before: UUID | None, most: int
    ) -> list[Batch]:
        """The batches of a customer, the latest first."""
        found = await retrying(
            lambda: self.pool.fetch(SQL.list_batches, customer.number, before, most)
        )
        return [rows.batch(row) for row in found]

    async def results(self, batch: Batch, position: int, most: int, most_bytes: int) -> ResultPage:
        """Results in order from a place on, as far as all before them are there."""
        results: list[bytes] = []
        size, at = 0, position
        while True:
            chunk = await self._chunk(batch.batch_id, at)
            if chunk is None:
                return ResultPage(tuple(results), at, has_more=False)
            if chunk["state"] != _DONE:
                if not batch.state.is_final:
                    return ResultPage(tuple(results), at, has_more=True)
                # Given up: what others are still about to end is told when it is there.
                at = chunk["first"] + chunk["item_count"]
                continue
            at = max(at, chunk["first"])
            opened = self.seal.open(chunk["results"], batch.batch_id, f"results {chunk['first']}")
            for result in opened[at - chunk["first"] :]:
                if results and (len(results) >= most or size + len(result) > most_bytes):
                    return ResultPage(tuple(results), at, has_more=True)
                results.append(result)
                size += len(result)
                at += 1

    async def _chunk(self, batch_id: UUID, position: int) -> asyncpg.Record | None:
        return await retrying(lambda: self.pool.fetchrow(SQL.find_chunk, batch_id, position))

    async def cancel(self, batch_id: UUID, kept: timedelta) -> bool:
        """Give a batch up; whether it was not final."""

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                done = await connection.execute(SQL.cancel_batch, batch_id, kept)
                if rows.count(done):
                    await connection.execute(SQL.drop_chunks_not_begun, batch_id)
                return bool(rows.count(done))

        return await retrying(once)

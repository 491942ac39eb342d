"""Chunks of batches as work: taken with SKIP LOCKED, held under a lease, written by its holder."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.kit.postgres import retrying
from services.routing.batches.model import Answered, Batch, Chunk
from services.routing.batches.store import rows
from services.routing.batches.store.rows import SQL
from services.routing.batches.store.sealing import Seal, pack, unpack


@dataclass(frozen=True)
class PostgresBench:
    """Hands out work, as the service."""

    pool: asyncpg.Pool
    seal: Seal

    async def take(self, lease: timedelta) -> Chunk | None:
        """A chunk to work on, the batch that is due first before others; the attempt is counted
        before it begins."""

        async def once() -> asyncpg.Record | None:
            async with self.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(SQL.take_chunk, lease)
                if row is not None:
                    await connection.execute(SQL.start_batch, row["batch_id"])
                return row

        row = await retrying(once)
        if row is None:
            return None
        batch_id, first = row["batch_id"], row["first"]
        answered = row["answered"]
        return Chunk(
            batch_id=batch_id,
            first=first,
            attempt=row["attempt"],
            ended_badly=row["ended_badly"] - 1,
            batch_count=row["batch_count"],
            items=unpack(self.seal.open(row["items"], batch_id, f"items {first}")),
            records=None
            if answered is None
            else self.seal.open(answered, batch_id, f"records {first}"),
        )

    async def order(self, batch_id: UUID) -> bytes:
        """What a batch asks, as it was kept."""
        sealed = await retrying(lambda: self.pool.fetchval(SQL.find_order, batch_id))
        (kept,) = self.seal.open(sealed, batch_id, "order")
        return kept

    async def renew(self, chunk: Chunk, lease: timedelta) -> bool:
        """Hold the chunk for longer."""
        return await self._written(SQL.renew_lease, chunk, lease)

    async def answer(self, chunk: Chunk, answered: Answered) -> bool:
        """Keep what came of the chunk, not to be read yet, with what is still to be put in
        writing."""
        batch_id, first = chunk.batch_id, chunk.first
        return await self._written(
            SQL.answer_chunk,
            chunk,
            self.seal.seal(answered.results, batch_id, f"results {first}"),
            self.seal.seal(answered.records, batch_id, f"records {first}"),
            json.dumps(answered.counts),
        )

    async def finish(self, chunk: Chunk) -> Batch | None:
        """The batch with the chunk done; nothing if the attempt is over."""

        async def once() -> Batch | None:
            async with self.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(
                    SQL.finish_chunk, chunk.batch_id, chunk.first, chunk.attempt
                )
                if row is None:
                    return None
                before = await connection.fetchval(SQL.lock_counts, chunk.batch_id)
                counts = Counter(json.loads(before)) + Counter(json.loads(row["counts"]))
                counted = await connection.fetchrow(
                    SQL.count_results, chunk.batch_id, row["item_count"], json.dumps(counts)
                )
                return None if counted is None else rows.batch(counted)

        return await retrying(once)

    async def release(self, chunk: Chunk, pause: timedelta) -> bool:
        """Let others take it after a pause; this attempt did not end badly."""
        return await self._written(SQL.release_chunk, chunk, pause)

    async def divide(self, chunk: Chunk, size: int) -> bool:
        """Make two chunks of it, the first of a size."""
        batch_id, second = chunk.batch_id, chunk.first + size

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                done = await connection.execute(
                    SQL.shorten_chunk,
                    batch_id,
                    chunk.first,
                    chunk.attempt,
                    size,
                    self.seal.seal(pack(chunk.items[:size]), batch_id, f"items {chunk.first}"),
                )
                if rows.count(done):
                    rest = chunk.items[size:]
                    sealed = self.seal.seal(pack(rest), batch_id, f"items {second}")
                    await connection.execute(
                        SQL.add_second_half, batch_id, second, len(rest), sealed, chunk.attempt
                    )
                return bool(rows.count(done))

        return await retrying(once)

    async def close(self, batch_id: UUID, kept: timedelta) -> bool:
        """Let a batch be done of which every item has its result."""
        done = await retrying(lambda: self.pool.execute(SQL.close_batch, batch_id, kept))
        return bool(rows.count(done))

    async def stop(self, chunk: Chunk, kept: timedelta) -> bool:
        """Drop the chunk and all that was not begun; whether nothing is left, so that the batch is
        over."""
        batch_id = chunk.batch_id

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                # One after the other, so that the last one sees that it is the last.
                await connection.execute(SQL.lock_counts, batch_id)
                await connection.execute(SQL.drop_chunks_not_begun, batch_id)
                await connection.execute(SQL.drop_chunk, batch_id, chunk.first, chunk.attempt)
                done = await connection.execute(SQL.stop_batch, batch_id, kept)
                return bool(rows.count(done))

        return await retrying(once)

    async def worked_off(self) -> list[Batch]:
        """Batches of which every item has its result and that are not done yet."""
        return [
            rows.batch(row)
            for row in await retrying(lambda: self.pool.fetch(SQL.list_worked_off_batches))
        ]

    async def _written(self, statement: str, chunk: Chunk, *values: object) -> bool:
        done = await retrying(
            lambda: self.pool.execute(
                statement, chunk.batch_id, chunk.first, chunk.attempt, *values
            )
        )
        return bool(rows.count(done))

"""Batches that come in, and what is looked after of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying
from services.routing.batches.model import Batch, FileKey, Item, Order
from services.routing.batches.store import rows
from services.routing.batches.store.rows import SQL
from services.routing.batches.store.sealing import Seal, pack
from services.routing.errors import FileRaced


@dataclass(frozen=True)
class PostgresIntake:
    """Keeps what comes in, as the service."""

    pool: asyncpg.Pool
    seal: Seal

    async def find_ticket(self, customer: EnterpriseNumber, ticket: str) -> Batch | None:
        """The batch of a ticket."""
        row = await retrying(
            lambda: self.pool.fetchrow(SQL.find_batch_of_ticket, customer.number, ticket)
        )
        return None if row is None else rows.batch(row)

    async def begin(self, order: Order, kept: bytes, customer: EnterpriseNumber) -> None:
        """Keep the order of a batch of which nobody knows yet."""
        question = order.question
        sealed = self.seal.seal([kept], order.batch_id, "order")
        await retrying(
            lambda: self.pool.execute(
                SQL.add_batch,
                order.batch_id,
                customer.number,
                order.ticket,
                sealed,
                question.head.legal_context,
                question.contract.code,
                question.contract.version,
                order.call.received_at,
            )
        )

    async def add_items(self, batch_id: UUID, first: int, items: Sequence[Item]) -> None:
        """Keep items that are worked on together."""
        sealed = self.seal.seal(pack(items), batch_id, f"items {first}")
        await retrying(
            lambda: self.pool.execute(SQL.add_chunk, batch_id, first, len(items), sealed)
        )

    async def accept(
        self,
        batch_id: UUID,
        digest: bytes,
        item_count: int,
        at: datetime,
        due_at: datetime,
        file: FileKey | None = None,
    ) -> bool:
        """Let the batch be known, whole, and with it the file that it came as; not if another has
        its ticket. FileRaced if the file was taken or rejected meanwhile."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL.accept_batch, batch_id, digest, item_count, at, due_at)
                if file is not None:
                    await validate(connection, file, batch_id, at)

        try:
            await retrying(once)
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def discard(self, batch_id: UUID) -> None:
        """Forget a batch that did not come whole."""
        await retrying(lambda: self.pool.execute(SQL.discard_batch, batch_id))

    async def note_overdue(self, now: datetime) -> list[Batch]:
        """Those whose term has passed since it was last asked."""
        found = await retrying(lambda: self.pool.fetch(SQL.note_overdue_batches, now))
        return [rows.batch(row) for row in found]

    async def purge(self, now: datetime, received_before: datetime, most: int) -> int:
        """Forget batches that were kept long enough, and those that did not come whole."""
        return rows.count(
            await retrying(lambda: self.pool.execute(SQL.purge_batches, now, received_before, most))
        )


async def validate(
    connection: PoolConnectionProxy, file: FileKey, batch_id: UUID, at: datetime
) -> None:
    """Let a file be taken as a batch, and the next be expected; FileRaced if it was settled."""
    named = file.sender.number, file.contract.code, file.contract.version, file.number
    if not rows.count(await connection.execute(SQL.validate_file, *named, batch_id, at)):
        raise FileRaced
    await connection.execute(SQL.follow_sequence, *named)

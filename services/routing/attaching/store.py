"""Which process each source is attached to, in PostgreSQL. Says no more than that."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.routing")


@dataclass(frozen=True)
class PostgresPresence:
    """Tells the others who is attached here, and finds who is attached elsewhere."""

    pool: asyncpg.Pool
    address: str
    """Where this process listens, as the others reach it."""

    async def keep(self, sources: Sequence[EnterpriseNumber]) -> None:
        """These sources are attached to this process, as of now."""
        if sources:
            numbers = [one.number for one in sources]
            await retrying(lambda: self.pool.execute(SQL.keep_attachments, self.address, numbers))

    async def forget(self, source: EnterpriseNumber) -> None:
        """The source is not attached to this process any more."""
        await retrying(lambda: self.pool.execute(SQL.end_attachment, self.address, source.number))

    async def elsewhere(self, source: EnterpriseNumber) -> Sequence[str]:
        """At which other processes the source is."""
        rows = await retrying(
            lambda: self.pool.fetch(SQL.list_attachments, source.number, self.address)
        )
        return [row["address"] for row in rows]

    async def addresses(self) -> frozenset[str]:
        """Where there are processes to which anybody is attached; what they left is forgotten."""
        await retrying(lambda: self.pool.execute(SQL.forget_attachments))
        rows = await retrying(lambda: self.pool.fetch(SQL.list_attachment_addresses))
        return frozenset(row["address"] for row in rows)

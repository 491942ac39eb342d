"""What audit holds, read around the service: from its database, as the owner."""

from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from tests.support.waiting import until


class Trail:
    """Reads records."""

    def __init__(self, connection):
        self._connection = connection

    @staticmethod
    @asynccontextmanager
    async def of(country):
        dsn = (country.state.secrets / "audit-owner.dsn").read_text()
        connection = await asyncpg.connect(dsn)
        try:
            yield Trail(connection)
        finally:
            await connection.close()

    async def of_ticket(self, ticket):
        """The records of an exchange, in order."""
        rows = await self._connection.fetch(
            "select content from record where ticket = $1 order by sequence", UUID(ticket)
        )
        return [record_pb.ExchangeRecord.FromString(row["content"]) for row in rows]

    async def stages(self, ticket):
        """The stages of an exchange, in order."""
        records = await self.of_ticket(ticket)
        return [record_pb.ExchangeStage.Name(one.stage)[15:] for one in records]

    async def last(self):
        """The place of the newest record."""
        return await self._connection.fetchval("select coalesce(max(sequence), 0) from record")

    async def reasons_since(self, place):
        """Why calls were refused after a place in the trail."""
        rows = await self._connection.fetch(
            "select content from record where sequence > $1 and stage = 3 order by sequence", place
        )
        return [record_pb.ExchangeRecord.FromString(row["content"]).reason for row in rows]

    async def wait_for_reason(self, reason, place):
        """Wait until a refusal for a reason stands after a place."""

        async def is_there():
            return reason in await self.reasons_since(place)

        await until(is_there)

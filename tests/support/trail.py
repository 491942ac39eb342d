"""What audit holds, read around the service: from its database, as the owner."""

from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail.form import read, whole
from services.audit.trail.model import Kept
from tests.support.waiting import until

_RECORDS = """
select sequence, record_id, ticket, record.content, ground.content as ground
from record join ground using (ground_id)
"""


class Trail:
    """Reads records."""

    def __init__(self, connection):
        self._connection = connection

    @staticmethod
    @asynccontextmanager
    async def at(dsn_file):
        connection = await asyncpg.connect(dsn_file.read_text())
        try:
            yield Trail(connection)
        finally:
            await connection.close()

    @staticmethod
    def of(country):
        return Trail.at(country.state.secrets / "audit-owner.dsn")

    async def of_ticket(self, ticket):
        """The records of an exchange, in order."""
        rows = await self._connection.fetch(
            f"{_RECORDS} where ticket = $1 order by sequence", UUID(ticket)
        )
        return _read(rows)

    async def stages(self, ticket):
        """The stages of an exchange, in order."""
        records = await self.of_ticket(ticket)
        return [record_pb.ExchangeStage.Name(one.stage)[15:] for one in records]

    async def last(self):
        """The place of the newest record."""
        return await self._connection.fetchval("select coalesce(max(sequence), 0) from record")

    async def since(self, place):
        """The records after a place in the trail, in order."""
        return _read(
            await self._connection.fetch(f"{_RECORDS} where sequence > $1 order by sequence", place)
        )

    async def reasons_since(self, place):
        """Why calls were refused after a place in the trail."""
        refusals = record_pb.EXCHANGE_STAGE_REFUSAL
        return [one.reason for one in await self.since(place) if one.stage == refusals]

    async def wait_for_reason(self, reason, place):
        """Wait until a refusal for a reason stands after a place."""

        async def is_there():
            return reason in await self.reasons_since(place)

        await until(is_there)


def _read(rows):
    return read([Kept(**row, decoder=whole) for row in rows])

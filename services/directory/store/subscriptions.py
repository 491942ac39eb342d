"""Subscriptions, as the service."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber
from services.directory.model import Subscription
from services.directory.store.reading import SQL, subscription
from services.kit.postgres import retrying
from services.kit.tickets import hold


@dataclass(frozen=True)
class PostgresSubscriptions:
    """Puts down subscriptions in PostgreSQL."""

    pool: asyncpg.Pool

    async def add_subscription(self, given: Subscription) -> None:
        """Keep a subscription."""
        await retrying(lambda: self._change(SQL.add_subscription, *_row(given)))

    async def find_subscription(self, key: UUID) -> Subscription | None:
        """A subscription, ended or not."""
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_subscription, key))
        return None if row is None else subscription(row)

    async def list_subscriptions(
        self, subscriber: EnterpriseNumber, today: date, after: UUID | None, most: int
    ) -> list[Subscription]:
        """Some of a subscriber's own that have not ended, by key, after one of them."""
        chosen = subscriber.number, today, after, most
        rows = await retrying(lambda: self.pool.fetch(SQL.list_subscriptions_of, *chosen))
        return [subscription(row) for row in rows]

    async def end_subscription(self, key: UUID, last_day: date) -> None:
        """Give a subscription its last day, unless it has an earlier one."""
        await retrying(lambda: self._change(SQL.end_subscription, key, last_day))

    async def _change(self, statement: str, *arguments: object) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            await hold(connection)
            await connection.execute(statement, *arguments)


def _row(given: Subscription) -> tuple[object, ...]:
    wish = given.wish
    return (
        given.key,
        given.subscriber.number,
        given.legal_context,
        wish.contract.code,
        wish.contract.version,
        wish.event_type,
        list(wish.quality_codes),
        wish.minimum_phase,
        list(wish.fields),
        wish.mode.name,
        wish.period.begin,
        wish.period.end,
        given.deliberation.number,
        given.deliberation.version,
    )

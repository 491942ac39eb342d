"""Subscriptions, as the service."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.directory.model import Subscription
from services.directory.store.reading import SQL
from services.kit.postgres import retrying


@dataclass(frozen=True)
class PostgresSubscriptions:
    """Puts down subscriptions in PostgreSQL."""

    pool: asyncpg.Pool

    async def add_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription."""
        await retrying(lambda: self.pool.execute(SQL.add_subscription, *_row(subscription)))

    async def end_subscription(self, key: UUID, last_day: date) -> None:
        """Give a subscription its last day, unless it has an earlier one."""
        await retrying(lambda: self.pool.execute(SQL.end_subscription, key, last_day))


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

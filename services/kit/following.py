"""Following what another service publishes in order: each is applied once, and how far that has
come stands beside what it changed, in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

import asyncpg

from services.kit.postgres import retrying

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class Numbered(Protocol):
    """What is published, in the order of its numbers."""

    @property
    def sequence(self) -> int: ...


N = TypeVar("N", bound=Numbered)


async def follow_in_order(
    pool: asyncpg.Pool,
    sql: SimpleNamespace,
    published: Sequence[N],
    apply: Callable[[Connection, N], Awaitable[None]],
    hold: Sequence[str] = (),
) -> int:
    """Apply what was not applied yet; the number of the last one that is.

    Replicas go one after another: `lock_followed` of the service's statements reads the last number
    and locks it, `store_followed` puts it down. The statements of `hold` are executed before.
    """

    async def once() -> int:
        async with pool.acquire() as connection, connection.transaction():
            for statement in hold:
                await connection.execute(statement)
            followed: int = await connection.fetchval(sql.lock_followed)
            for one in published:
                if one.sequence > followed:
                    await apply(connection, one)
                    followed = one.sequence
            await connection.execute(sql.store_followed, followed)
            return followed

    return await retrying(once)

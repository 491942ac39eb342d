"""Counting exchanges against the volume that a deliberation expects, hour by hour, in Redis.

What is counted may be lost: if Redis is away the replica's own count decides, which is bounded by
the same number. Nothing here names a person.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import prometheus_client
import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.kit.clock import Clock
from services.kit.telemetry import meter

HOUR = timedelta(hours=1)
ALONE = prometheus_client.Counter(
    "cbss_routing_quota_alone", "Exchanges that this replica counted alone, for Redis was away."
)
_COUNT_ONCE = """
local before = tonumber(redis.call('get', KEYS[1]) or '0')
local fresh = {}
for n = 2, #ARGV do
  if redis.call('getbit', KEYS[2], ARGV[n]) == 0 then fresh[#fresh + 1] = ARGV[n] end
end
local most = tonumber(ARGV[1])
if #fresh == 0 or (most > 0 and before + #fresh > most) then return {before, #fresh} end
redis.call('incrby', KEYS[1], #fresh)
redis.call('expire', KEYS[1], 7200)
for _, place in ipairs(fresh) do redis.call('setbit', KEYS[2], place, 1) end
redis.call('expire', KEYS[2], 2678400)
return {before, #fresh}
"""
"""Counts those places of a batch that have not counted before, a bit each, unless they would be too
many: the count before, and how many they were. Kept as long as a batch may take."""
log = structlog.get_logger()


class RedisQuota:
    """Counts in Redis, and beside it in the process."""

    def __init__(self, redis: Redis | None, *, patience: timedelta, now: Clock) -> None:
        self._redis = redis
        self._patience = patience
        self._now = now
        self._hour: datetime | None = None
        self._own: Counter[str] = Counter()
        self._alarms = meter().create_counter(
            "cbss.routing.volume.alarms",
            description="Hours in which more was asked than a deliberation expects.",
        )

    async def spend(
        self, customer: EnterpriseNumber, context: LegalContext, hourly: int, expected: int
    ) -> bool:
        """Count one exchange; whether it still was within the hourly quota, 0 for none.

        The first above the expected volume of an hour raises an alarm, once over all replicas.
        """
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._own = hour, Counter()
        key = f"cbss:quota:{hour:%Y%m%d%H}:{customer}:{context}"
        self._own[key] += 1
        count = max(self._own[key], await self._counted(key))
        if expected and count == expected + 1:
            self._alarm(customer, context, expected)
        return hourly == 0 or count <= hourly

    def _alarm(self, customer: EnterpriseNumber, context: LegalContext, expected: int) -> None:
        log.warning(
            "volume above what the deliberation expects",
            customer=customer.digits,
            legal_context=context,
            expected_hourly_volume=expected,
        )
        self._alarms.add(1, {"legal_context": context})

    async def spend_once(
        self,
        batch: str,
        places: Sequence[int],
        customer: EnterpriseNumber,
        context: LegalContext,
        hourly: int,
        expected: int,
    ) -> bool:
        """Count what stands at some places of a batch, each place once however often it is tried;
        whether all of it still is within the hourly quota, 0 for none. If not, none is counted."""
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._own = hour, Counter()
        counter = f"cbss:quota:{hour:%Y%m%d%H}:{customer}:{context}"
        before, fresh = await self._counted_once(
            counter, f"cbss:quota:once:{batch}", places, hourly
        ) or (self._own[counter], len(places))
        if fresh and hourly and before + fresh > hourly:
            return False
        self._own[counter] = before + fresh
        if expected and before <= expected < before + fresh:
            self._alarm(customer, context, expected)
        return True

    async def _counted_once(
        self, counter: str, once: str, places: Sequence[int], hourly: int
    ) -> tuple[int, int] | None:
        """The count before, and how many places had not counted yet; nothing without Redis."""
        if self._redis is None:
            return None
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                told = (str(hourly), *map(str, places))
                before, fresh = await self._redis.eval(_COUNT_ONCE, 2, counter, once, *told)
                return int(before), int(fresh)
        except (RedisError, OSError, TimeoutError) as away:
            ALONE.inc(len(places))
            log.warning("quota counted by this replica alone", because=type(away).__name__)
            return None

    async def _counted(self, key: str) -> int:
        if self._redis is None:
            return 0
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                async with self._redis.pipeline(transaction=False) as together:
                    together.incr(key)
                    together.expire(key, 2 * HOUR)
                    counted, _ = await together.execute()
                return int(counted)
        except (RedisError, OSError, TimeoutError) as away:
            ALONE.inc()
            log.warning("quota counted by this replica alone", because=type(away).__name__)
            return 0


@asynccontextmanager
async def redis_at(url: str | None) -> AsyncIterator[Redis | None]:
    """A connection pool to the Redis at an address; nothing without one."""
    if url is None:
        yield None
        return
    # Bounded, and waiting for its turn: more commands than connections are no error.
    pool = BlockingConnectionPool.from_url(url, max_connections=8)
    try:
        yield Redis(connection_pool=pool)
    finally:
        await pool.aclose()

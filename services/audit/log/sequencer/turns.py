"""One sequencer at a time: the others stand by, and take over when the first is gone."""

import asyncio
from datetime import timedelta

import asyncpg
import structlog
from prometheus_client import Counter, Gauge

from services.audit.errors import SequencerFenced
from services.audit.log.sequencer.growth import Growth, Publisher
from services.audit.log.store.log import PostgresLog
from services.kit.errors import StoreUnavailable
from services.kit.postgres import LOST
from services.kit.tlog.tiles import Tiles

DELAY = Gauge(
    "cbss_audit_merge_delay_seconds", "Seconds that the last records waited at most to be signed."
)
SIZE = Gauge("cbss_audit_log_size", "Records in the signed log.")
LATE = Counter("cbss_audit_merge_late", "Times that records waited for longer than they may.")
log = structlog.get_logger()

MERGE_DELAY = 5.0
"""Seconds within which every record is in the signed tree; later is an alarm."""
STANDBY = 0.5
"""Seconds between two attempts of one that stands by."""
_AWAY: tuple[type[Exception], ...] = (
    *(*LOST, OSError, TimeoutError),
    *(asyncpg.PostgresError, asyncpg.InterfaceError, StoreUnavailable),
)


class Turns:
    """Claims the log, makes it grow, and begins anew when it was lost."""

    def __init__(self, dsn: str, tiles: Tiles, publisher: Publisher, interval: timedelta) -> None:
        self._dsn = dsn
        self._tiles = tiles
        self._publisher = publisher
        self._interval = interval.total_seconds()
        self._alive = False

    def ready(self) -> bool:
        """Whether this one makes the log grow, or stands by for one that does."""
        return self._alive

    async def keep(self) -> None:
        """Take turns for ever; a log that is not the one that was signed ends it."""
        while True:
            try:
                async with PostgresLog.claimed(self._dsn) as claimed:
                    self._alive = True
                    if claimed is not None:
                        await self._grow(Growth(claimed, self._tiles, self._publisher))
            except SequencerFenced:
                log.warning("another sequencer took over")
            except _AWAY as fault:
                self._alive = False
                log.warning("log not reachable", fault=type(fault).__name__)
            await asyncio.sleep(STANDBY)

    async def _grow(self, growth: Growth) -> None:
        await growth.open()
        log.info("sequencing", size=growth.at.size)
        while True:
            if await growth.step():
                DELAY.set(growth.delay)
                SIZE.set(growth.at.size)
                if growth.delay > MERGE_DELAY:
                    LATE.inc()
                    log.error("merge late", seconds=round(growth.delay, 3))
            await asyncio.sleep(self._interval)

    async def stop(self) -> None:
        """Nothing is under way for anybody else: a step may end anywhere."""

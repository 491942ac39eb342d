"""Brings the edge's refusals to the audit trail, in order, and none is given up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from prometheus_client import Counter

from gateway.refusals.log import RefusalLog
from gateway.refusals.records import record_of
from services.concepts.failures import Failure

INTERVAL = timedelta(seconds=0.2)
"""How long to wait when there is nothing to read."""
PATIENCE = timedelta(seconds=1)
"""How long to wait before the trail is tried again."""
BATCH = 1000
_FLUSHED = timedelta(seconds=2)

REFUSALS = Counter("cbss_gateway_refusals", "What the edge refused, by reason.", ["reason"])
log = structlog.get_logger()


@dataclass
class Recorder:
    """Follows the log of refusals."""

    refusals: RefusalLog
    trail: rpc.AuditServiceStub
    reopen: Callable[[], Awaitable[None]]
    """Makes Envoy open its log anew."""

    async def keep(self) -> None:
        """Record again and again, until cancelled."""
        while True:
            try:
                if await self.record():
                    continue
                await self._turn()
            except Failure as failure:
                log.warning("refusals not recorded, trying again", reason=failure.reason())
                await asyncio.sleep(PATIENCE.total_seconds())
            await asyncio.sleep(INTERVAL.total_seconds())

    async def record(self) -> bool:
        """Record what there is to read; whether there was anything."""
        part = self.refusals.unread()
        if not part.lines:
            return False
        records = [record for record in map(record_of, part.lines) if record is not None]
        for start in range(0, len(records), BATCH):
            await self.trail.RecordExchanges(
                pb.RecordExchangesRequest(records=records[start : start + BATCH])
            )
        self.refusals.done(part)
        for record in records:
            REFUSALS.labels(record.reason).inc()
        return True

    async def _turn(self) -> None:
        if self.refusals.turn():
            await self.reopen()
            # What was under way to the old log arrives within Envoy's flush interval.
            await asyncio.sleep(_FLUSHED.total_seconds())
            while await self.record():
                pass
        self.refusals.forget_old()

"""Endings of what is given up, by its client, by its deadline or by a fault.

Once a source may have been asked, the trail says how that ended. Nobody waits for such an ending:
it is written beside the calls, again and again while the trail is away.
"""

import asyncio
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import Self

import structlog
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry
from services.admission.peers.audit import PeerTrail
from services.concepts.failures import DeadlineSpent, Failure, Internal
from services.kit.clock import remaining

CANCELED = "CANCELED"
"""Why something ended whose client left."""
TICK = timedelta(milliseconds=2)
"""How much earlier than the deadline the end of a call can come that is owed to it."""
PATIENCE = timedelta(minutes=2)
"""How long an ending waits for a trail that is away."""
PAUSE = timedelta(seconds=1)
FAREWELL = timedelta(seconds=5)
"""How long a process that stops waits for such endings."""
MOST_ENDINGS = 10_000
"""How many may wait; what comes on top is only said in the log."""

log = structlog.get_logger()


class LateEndings:
    """Writes endings that nobody waits for, until it is left."""

    def __init__(self, trail: PeerTrail, *, pause: timedelta = PAUSE) -> None:
        self._trail = trail
        self._pause = pause
        self._writing: set[asyncio.Task[None]] = set()

    def abandon(self, given_up: Entry, fault: BaseException) -> None:
        """Record, when that can be, that something ended without an answer.

        If the outcome was on its way under the same identification, the trail keeps the first.
        """
        reason = _reason(fault)
        record = self._trail.encoded(replace(given_up, reason=reason))
        if len(self._writing) >= MOST_ENDINGS:
            log.error("ending not recorded", ticket=record.ticket_cbss, reason=reason)
            return
        # In a context of its own: the deadline of the call that is over does not count.
        task = asyncio.get_running_loop().create_task(self._write(record), context=Context())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, record: record_pb.ExchangeRecord) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE.total_seconds()
        while True:
            try:
                return await self._trail.send(record)
            except Failure as away:
                if loop.time() >= until:
                    why, ticket = away.reason(), record.ticket_cbss
                    log.error("ending not recorded", ticket=ticket, reason=why)
                    return None
            await asyncio.sleep(self._pause.total_seconds())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        if self._writing:
            await asyncio.wait(self._writing, timeout=FAREWELL.total_seconds())
        for late in self._writing:
            late.cancel()


def _reason(fault: BaseException) -> str:
    """Why something ended without an answer, as the trail says it."""
    if isinstance(fault, Failure):
        return fault.reason()
    if isinstance(fault, asyncio.CancelledError):
        # gRPC ends a call when its client leaves, and when the time that the client gave is over.
        left = remaining()
        return CANCELED if left is None or left > TICK else DeadlineSpent().reason()
    return Internal().reason()

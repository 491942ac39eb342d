"""`grpc.health.v1`: on a plain port of its own, for who watches over a process has no certificate,
and on the port of the RPCs, where callers hear at once that a replica leaves.

Ready and alive are two questions. Ready is who has what it needs; it is asked under "" and under
the name of each service. Alive is whose loop turns; it is asked under `live`, and who is not alive
is started again, which helps nobody whose database is away.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.kit import telemetry
from services.kit.gate import Context

LIVE = "live"
"""The name under which a process says no more than that it runs."""
INTERVAL = 0.2
"""Seconds between two looks at whether the process is ready."""
REGULAR = 3.0
"""Seconds within which somebody asks again who keeps an eye on the process."""
_MOST_POLLERS = 64

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
log = structlog.get_logger()


class Health:
    """Says of the process whether it serves, and why not."""

    def __init__(self, services: Sequence[str], needs: Mapping[str, Callable[[], bool]]) -> None:
        self._needs = needs
        self._missing: list[str] | None = None
        self._states = dict.fromkeys(("", *services), NOT_SERVING) | {LIVE: SERVING}
        self._changed = asyncio.Event()
        self._pollers: dict[str, _Poller] = {}
        self._is_draining = self._is_closed = False
        self._ready = telemetry.meter().create_gauge(
            "cbss.process.ready", description="1 while the process has all that it needs to serve."
        )

    @asynccontextmanager
    async def listen(self, address: str) -> AsyncIterator[int]:
        """Answer on the address (yields its port) until the end of the block."""
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        self.attach(server)
        port = server.add_insecure_port(address)
        await server.start()
        watching = asyncio.create_task(self._watch())
        try:
            yield port
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            self.close()
            await server.stop(grace=0)

    def attach(self, server: grpc.aio.Server) -> None:
        """Answer on a server too; whoever may connect to it may ask."""
        self._look()
        health_pb2_grpc.add_HealthServicer_to_server(_Servicer(self), server)

    def drain(self) -> None:
        """Say from now on that nothing is served."""
        self._is_draining = True
        for poller in self._pollers.values():
            poller.is_told = False
        self._look()

    def close(self) -> None:
        """End the answers that are streams."""
        self._is_closed = True
        self._tell()

    def is_known(self) -> bool:
        """Whether all who ask regularly have heard that nothing is served any more."""
        now = time.monotonic()
        return not any(one.is_waiting(now) for one in self._pollers.values())

    def answer(self, name: str, asker: str) -> int | None:
        """What is so now, for one who asks on a connection; nothing for a name that is unknown."""
        poller = self._pollers.pop(asker, None) or _Poller()
        if len(self._pollers) >= _MOST_POLLERS:
            del self._pollers[next(iter(self._pollers))]
        self._pollers[asker] = poller
        poller.note(time.monotonic(), self._is_draining)
        return self._states.get(name)

    async def states(self, name: str) -> AsyncIterator[int]:
        """What is so now, and each time that it becomes otherwise."""
        told = None
        while not self._is_closed:
            changed = self._changed
            state = self._states.get(name, health_pb2.HealthCheckResponse.SERVICE_UNKNOWN)
            if state != told:
                yield state
            told = state
            await changed.wait()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            self._look()

    def _look(self) -> None:
        missing = [name for name, is_met in self._needs.items() if not is_met()]
        if missing != self._missing and not self._is_draining:
            if missing:
                log.warning("not ready", missing=missing)
            elif self._missing:
                log.info("ready again", was_missing=self._missing)
            self._missing = missing
        state = NOT_SERVING if missing or self._is_draining else SERVING
        self._ready.set(int(state == SERVING))
        if self._states[""] != state:
            self._states |= dict.fromkeys(self._states, state) | {LIVE: SERVING}
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass(slots=True)
class _Poller:
    """Somebody who asks again and again, on one connection."""

    last: float = -float("inf")
    before: float = -float("inf")
    is_told: bool = False

    def note(self, now: float, is_draining: bool) -> None:
        self.before, self.last, self.is_told = self.last, now, is_draining

    def is_waiting(self, now: float) -> bool:
        """Whether he will surely ask again, and does not know yet."""
        is_regular = now - self.last < REGULAR and self.last - self.before < REGULAR
        return is_regular and not self.is_told


class _Servicer(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # without types
    def __init__(self, health: Health) -> None:
        self._health = health

    async def Check(
        self, request: health_pb2.HealthCheckRequest, context: Context
    ) -> health_pb2.HealthCheckResponse:
        state = self._health.answer(request.service, context.peer())
        if state is None:
            await context.abort(grpc.StatusCode.NOT_FOUND)
        return health_pb2.HealthCheckResponse(status=state)

    async def Watch(
        self, request: health_pb2.HealthCheckRequest, _context: Context
    ) -> AsyncIterator[health_pb2.HealthCheckResponse]:
        async for state in self._health.states(request.service):
            yield health_pb2.HealthCheckResponse(status=state)

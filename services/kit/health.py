"""`grpc.health.v1` on a plain port of its own: who watches over a process has no certificate."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

INTERVAL = 0.2
"""Seconds between two looks at whether the process is ready."""


class Health:
    """Says of the process, under "" and under each service's name, whether it serves."""

    def __init__(self, services: Sequence[str], ready: Callable[[], bool]) -> None:
        self._names = ("", *services)
        self._ready = ready
        self._servicer = health.aio.HealthServicer()

    @asynccontextmanager
    async def listening(self, address: str) -> AsyncIterator[int]:
        """Answer on the address (yields its port) until the end of the block."""
        await self._look()
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)
        port = server.add_insecure_port(address)
        await server.start()
        watching = asyncio.create_task(self._watch())
        try:
            yield port
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            await server.stop(grace=0)

    async def drain(self) -> None:
        """Say from now on that nothing is served."""
        await self._servicer.enter_graceful_shutdown()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            await self._look()

    async def _look(self) -> None:
        serving = health_pb2.HealthCheckResponse.SERVING
        away = health_pb2.HealthCheckResponse.NOT_SERVING
        status = serving if self._ready() else away
        for name in self._names:
            await self._servicer.set(name, status)

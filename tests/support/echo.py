"""A tiny service of the tests; `echo_process` serves it."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import grpc

from services.concepts.failures import FieldViolation, InvalidArgument
from services.kit.caller import Caller, current
from services.kit.clock import remaining
from services.kit.server import Service
from services.kit.trace import TRACE

NAME = "cbss.echo.v1.EchoService"
RPCS = ("Echo", "Hold", "Fail", "Crash", "Told", "Count", "Flood", "Sum", "Talk", "Unwritten")
CALLERS = {f"{NAME}/{rpc}": frozenset({"routing", "gateway"}) for rpc in RPCS}

LONG = 10**4000


def number(raw: bytes) -> int:
    """A parser that fails as protobuf's do: a message here is a number in digits."""
    return int(raw.decode())


class Servicer:
    """Each RPC does one thing that the plumbing has to cope with."""

    def __init__(self) -> None:
        self.held = 0
        self.told: list[tuple[Caller, float | None, Any]] = []
        self.release = asyncio.Event()
        self.flooded = asyncio.Event()
        self.holding = asyncio.Semaphore(0)

    async def Echo(self, request: int, _context: Any) -> int:
        return request

    async def Hold(self, request: int, _context: Any) -> int:
        """Answer only once released."""
        self.held += 1
        self.holding.release()
        await self.release.wait()
        return request

    async def Fail(self, _request: int, _context: Any) -> int:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._failing())
        return 0

    async def _failing(self) -> None:
        raise InvalidArgument(
            facts={"limit": "3"}, violations=[FieldViolation("person.ssin", "has 11 digits")]
        )

    async def Crash(self, _request: int, _context: Any) -> int:
        raise RuntimeError("a secret row")

    async def Told(self, request: int, _context: Any) -> int:
        left = remaining()
        self.told.append((current(), left.total_seconds() if left else None, TRACE.get()))
        return request

    async def Count(self, request: int, _context: Any) -> AsyncIterator[int]:
        for value in range(request):
            yield value
        if request > 3:
            await self._failing()

    async def Flood(self, request: int, _context: Any) -> AsyncIterator[int]:
        """Long numbers that follow each other, more than fit where nobody reads."""
        try:
            for value in range(request):
                yield LONG + value
        finally:
            self.flooded.set()

    async def Sum(self, requests: AsyncIterator[int], _context: Any) -> int:
        return sum([request async for request in requests])

    async def Talk(self, requests: AsyncIterator[int], _context: Any) -> AsyncIterator[int]:
        async for request in requests:
            yield -request

    def Unwritten(self, _request: int, _context: Any) -> int:
        """As generated base classes have it: not a coroutine."""
        raise NotImplementedError


def add(servicer: Any, server: Any) -> None:
    """What generated code would do."""
    kinds = {
        "Count": grpc.unary_stream_rpc_method_handler,
        "Flood": grpc.unary_stream_rpc_method_handler,
        "Sum": grpc.stream_unary_rpc_method_handler,
        "Talk": grpc.stream_stream_rpc_method_handler,
    }
    handlers = {
        rpc: kinds.get(rpc, grpc.unary_unary_rpc_method_handler)(
            getattr(servicer, rpc), number, lambda value: str(value).encode()
        )
        for rpc in RPCS
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(NAME, handlers)])
    server.add_registered_method_handlers(NAME, handlers)


def service(servicer: Servicer) -> Service:
    """The service for a server."""
    return Service(add, servicer, SimpleNamespace(full_name=NAME))


class Stub:
    """What a generated stub would be."""

    def __init__(self, channel: Any) -> None:
        kinds = {
            "Count": "unary_stream",
            "Flood": "unary_stream",
            "Sum": "stream_unary",
            "Talk": "stream_stream",
        }
        for rpc in (*RPCS, "Unknown"):
            shape = getattr(channel, kinds.get(rpc, "unary_unary"))
            call = shape(f"/{NAME}/{rpc}", lambda value: str(value).encode(), number)
            setattr(self, rpc, call)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

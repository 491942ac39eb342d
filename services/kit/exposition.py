"""The metrics of the process for Prometheus: `GET /metrics` in plain HTTP, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    disable_created_metrics,
    generate_latest,
)

LONGEST = 8 * 1024
"""Longer request heads are not read, in bytes."""
PATIENCE = 5.0
"""Seconds for one exchange."""
MOST = 16
"""Exchanges at the same time; more are closed unread."""


class Exposition:
    """Shows what a registry holds."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._registry = registry
        self._open = 0

    @asynccontextmanager
    async def listen(self, address: str) -> AsyncIterator[int]:
        """Answer on the address (yields its port) until the end of the block."""
        # When a counter was made is of no use to anybody, and doubles what is shown.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        host, _, port = address.rpartition(":")
        server = await asyncio.start_server(
            self._connected, host.strip("[]"), int(port), limit=LONGEST
        )
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= MOST:
                async with asyncio.timeout(PATIENCE):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._answer(head))
                    await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # whoever asked is gone, too slow or not speaking HTTP; nobody is left to tell
        finally:
            self._open -= 1
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if path != b"/metrics":
            return _http("404 Not Found", b"")
        if method != b"GET":
            return _http("405 Method Not Allowed", b"")
        return _http("200 OK", generate_latest(self._registry))


def _http(status: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE_LATEST}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

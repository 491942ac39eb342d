"""`POST /add-checkpoint` and `GET /checkpoint/<origin>` in plain HTTP, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

TEXT = "text/plain; charset=utf-8"
LONGEST_HEAD = 8 * 1024
LARGEST = 64 * 1024
"""The longest body that is read, in bytes."""
PATIENCE = 5.0
"""Seconds for one exchange."""
MOST = 64
"""Exchanges at the same time; more are closed unread."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int
    body: str = ""
    kind: str = TEXT


Answers = Callable[[str], Answer]
"""From a request's body, or the origin asked for, to its answer in one go: nothing comes between
judging and keeping."""
LAST = "/checkpoint/"


@asynccontextmanager
async def listening(address: str, added: Answers, last: Answers) -> AsyncIterator[int]:
    """Answer on the address (yields its port) until the end of the block."""
    host, _, port = address.rpartition(":")
    connections = _Connections(added, last)
    server = await asyncio.start_server(
        connections.opened, host.strip("[]"), int(port), limit=LONGEST_HEAD
    )
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


class _Connections:
    def __init__(self, added: Answers, last: Answers) -> None:
        self._added = added
        self._last = last
        self._open = 0

    async def opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= MOST:
                async with asyncio.timeout(PATIENCE):
                    answer = await self._answer(reader)
                    writer.write(_written(answer))
                    await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # whoever asked is gone, too slow or not speaking HTTP; nobody is left to tell
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, _, rest = first.partition(" ")
        path = rest.partition(" ")[0]
        if path.startswith(LAST):
            return self._last(unquote(path[len(LAST) :])) if method == "GET" else Answer(405)
        if path != "/add-checkpoint":
            return Answer(404)
        if method != "POST":
            return Answer(405)
        named = dict(line.lower().split(":", 1) for line in lines if ":" in line)
        length = named.get("content-length", "").strip()
        if not (length.isascii() and length.isdecimal()):
            return Answer(411)
        if int(length) > LARGEST:
            return Answer(413)
        try:
            body = (await reader.readexactly(int(length))).decode()
        except UnicodeDecodeError:
            return Answer(400)
        return self._added(body)


def _written(answer: Answer) -> bytes:
    body = answer.body.encode()
    head = (
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
        f"Content-Type: {answer.kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

"""A small name server on loopback, whose answers change."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

_A = 1
_HEAD = struct.Struct("!HHHHHH")
_ANSWER = 0x8180
"""A response to a query that wanted recursion, without an error."""


class Names(asyncio.DatagramProtocol):
    """Answers every question for an address with all that there are now."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        number, *_ = _HEAD.unpack_from(data)
        end = data.index(b"\0", _HEAD.size) + 5
        question = data[_HEAD.size : end]
        [kind] = struct.unpack_from("!H", question, len(question) - 4)
        found = self.addresses if kind == _A else []
        self.asked += kind == _A
        answers = b"".join(
            struct.pack("!HHHIH", 0xC00C, _A, 1, 0, 4) + socket.inet_aton(address)
            for address in found
        )
        head = _HEAD.pack(number, _ANSWER, 1, len(found), 0, 0)
        self.transport.sendto(head + question + answers, addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def named() -> AsyncIterator[tuple[Names, str]]:
    """The names, and where they are asked for, `dns://` and the address of the server."""
    loop = asyncio.get_running_loop()
    transport, names = await loop.create_datagram_endpoint(Names, local_addr=("127.0.0.1", 0))
    try:
        yield names, f"dns://127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    finally:
        transport.close()


def common_port(hosts: list[str]) -> int:
    """A port that is free on all of the hosts, for all replicas of a service have the same."""
    while True:
        with closing(socket.socket()) as first:
            first.bind((hosts[0], 0))
            port: int = first.getsockname()[1]
            if all(_is_free(host, port) for host in hosts[1:]):
                return port


def _is_free(host: str, port: int) -> bool:
    with closing(socket.socket()) as one:
        try:
            one.bind((host, port))
        except OSError:
            return False
        return True

"""What the edge waits for before it goes: calls that end, not streams that stay open."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from gateway.admin import Admin

TWO_STAY = """\
cluster.attach-watches.upstream_rq_active: 1
cluster.notices-watches.upstream_rq_active: 1
"""


@asynccontextmanager
async def envoy(figures):
    """An Envoy that shows these figures."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + figures.encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield Admin("{}:{}".format(*server.sockets[0].getsockname()))


@pytest.mark.parametrize(
    ("figures", "calls"),
    [
        ("http.edge.downstream_rq_active: 3\n", 3),
        (TWO_STAY + "http.edge.downstream_rq_active: 5\n", 3),
        (TWO_STAY + "http.edge.downstream_rq_active: 2\n", 0),
        # The figures are not of one instant.
        (TWO_STAY + "http.edge.downstream_rq_active: 1\n", 0),
        ("", 0),
    ],
)
async def test_streams_that_stay_open_are_no_calls_to_wait_for(figures, calls):
    async with envoy(figures) as admin:
        assert await admin.in_flight() == calls

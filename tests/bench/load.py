"""A load generator in a process of its own: so many calls in flight, for so long.

Requests are serialized before the clock starts and answers are looked at by a given check only, so
that as little as possible of the machine goes to the generator.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import monotonic, perf_counter

import grpc
import grpc.aio
import uvloop

Check = Callable[[bytes], bool]


@dataclass(frozen=True)
class Credentials:
    """Where the certificates of a client are, and whom it must find."""

    certificate: Path
    private_key: Path
    authority: Path
    server_name: str


@dataclass(frozen=True)
class Load:
    """What to call, how often at once, and how long."""

    address: str
    credentials: Credentials
    method: str
    requests: tuple[bytes, ...]
    check: Check
    in_flight: int
    seconds: float
    warm_up: float = 1.0
    connections: int = 1


@dataclass(frozen=True)
class Measured:
    """What came of it. Latencies in seconds, sorted; calls that failed the check or the wire."""

    latencies: tuple[float, ...]
    failures: int
    elapsed: float

    @property
    def throughput(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.elapsed

    def quantile(self, share: float) -> float:
        """The latency that this share of the calls did not exceed, in seconds."""
        if not self.latencies:
            return float("nan")
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def run(load: Load, *, started: Callable[[], None], ended: Callable[[], None]) -> Measured:
    """Drive the load from another process; `started` and `ended` bracket the measured span."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    worker = context.Process(target=_work, args=(load, there), daemon=True)
    worker.start()
    there.close()
    try:
        assert here.recv() == "started"
        started()
        assert here.recv() == "ended"
        ended()
        measured: Measured = here.recv()
    finally:
        worker.join(30)
        worker.kill()
    return measured


def _work(load: Load, pipe: "multiprocessing.connection.Connection") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_drive(load, pipe.send)))


async def _drive(load: Load, say: Callable[[str], None]) -> Measured:
    channels = [channel_of(load, at) for at in range(load.connections)]
    calls = [channel.unary_unary(load.method) for channel in channels]
    latencies: list[float] = []
    failures = 0
    measuring = False
    running = True

    async def caller(call: "grpc.aio.UnaryUnaryMultiCallable", requests: Sequence[bytes]) -> None:
        nonlocal failures
        for request in cycle(requests):
            if not running:
                return
            begun = perf_counter()
            try:
                good = load.check(await call(request, timeout=10))
            except grpc.aio.AioRpcError:
                good = False
            if measuring and good:
                latencies.append(perf_counter() - begun)
            elif measuring:
                failures += 1

    async with asyncio.TaskGroup() as together:
        for at in range(load.in_flight):
            mine = load.requests[at:] + load.requests[:at]
            together.create_task(caller(calls[at % len(calls)], mine))
        await asyncio.sleep(load.warm_up)
        say("started")
        measuring, begun = True, monotonic()
        await asyncio.sleep(load.seconds)
        measuring, elapsed = False, monotonic() - begun
        say("ended")
        running = False
    for channel in channels:
        await channel.close()
    return Measured(tuple(sorted(latencies)), failures, elapsed)


def channel_of(load: Load, at: int) -> grpc.aio.Channel:
    """A connection of its own to what a load calls."""
    files = load.credentials
    credentials = grpc.ssl_channel_credentials(
        files.authority.read_bytes(), files.private_key.read_bytes(), files.certificate.read_bytes()
    )
    options = [
        ("grpc.ssl_target_name_override", files.server_name),
        # A number of its own makes a connection of its own.
        ("cbss.connection", at),
        ("grpc.use_local_subchannel_pool", 1),
    ]
    return grpc.aio.secure_channel(load.address, credentials, options=options)

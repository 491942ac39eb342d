"""Calls at a steady pace from a process of their own, whether or not the ones before are answered:
a mesh that is slow is not spared."""

import asyncio
import multiprocessing
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection
from time import perf_counter

import grpc
import uvloop

from tests.bench.load import Check, Credentials, channel_of

_CONNECTIONS = 4
_LATE = 10.0
"""Seconds after which a call is not waited for any longer."""
_STEP = 0.001
"""Seconds; latencies are counted in steps, so that an hour of them stays small."""


@dataclass(frozen=True)
class Pace:
    """What to call, how often, and how long."""

    address: str
    credentials: Credentials
    method: str
    requests: tuple[bytes, ...]
    check: Check
    rate: int
    seconds: float


@dataclass(frozen=True)
class Paced:
    """What came of it."""

    steps: Counter[int]
    failed: int

    @property
    def answered(self) -> int:
        """How many were answered as expected."""
        return self.steps.total()

    def quantile(self, share: float) -> float:
        """The latency that this share of the calls did not exceed, in seconds."""
        left = self.answered * share
        for step in sorted(self.steps):
            left -= self.steps[step]
            if left <= 0:
                return (step + 1) * _STEP
        return float("nan")


def paced(pace: Pace) -> Paced:
    """Call from another process, until the time is over."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    worker = context.Process(target=_work, args=(pace, there), daemon=True)
    worker.start()
    there.close()
    try:
        came: Paced = here.recv()
    finally:
        worker.join(30)
        worker.kill()
    return came


def _work(pace: Pace, pipe: Connection) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_drive(pace)))


async def _drive(pace: Pace) -> Paced:
    channels = [channel_of(pace, at) for at in range(_CONNECTIONS)]
    calls = cycle([channel.unary_unary(pace.method) for channel in channels])
    requests = cycle(pace.requests)
    steps: Counter[int] = Counter()
    failed = 0

    async def call() -> None:
        nonlocal failed
        begun = perf_counter()
        try:
            is_good = pace.check(await next(calls)(next(requests), timeout=_LATE))
        except grpc.aio.AioRpcError:
            is_good = False
        if is_good:
            steps[int((perf_counter() - begun) / _STEP)] += 1
        else:
            failed += 1

    begun, made = perf_counter(), 0
    async with asyncio.TaskGroup() as together:
        while (passed := perf_counter() - begun) < pace.seconds:
            while made < passed * pace.rate:
                together.create_task(call())
                made += 1
            await asyncio.sleep(0.5 / pace.rate)
    for channel in channels:
        await channel.close()
    return Paced(steps, failed)

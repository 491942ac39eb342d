"""Work in rounds: to its end each time, and again when somebody was away."""

import asyncio
from datetime import timedelta

from services.kit.errors import PeerUnavailable
from services.kit.poller import Poller
from tests.support.waiting import until


class Work:
    """Some steps, before some of which a peer is away; the rest takes for ever."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.done = []

    async def step(self):
        if not self.steps:
            await asyncio.Event().wait()
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        self.done.append(step)
        return step


async def kept(work, every, steps):
    poller = asyncio.create_task(Poller(work.step, every, "not done yet").keep())

    async def is_done():
        return len(work.done) == steps

    await until(is_done)
    poller.cancel()


async def test_a_round_ends_when_nothing_is_left_to_do():
    work = Work(2, 1, 0, 5)

    await kept(work, timedelta(hours=1), 3)

    assert (work.done, work.steps) == ([2, 1, 0], [5])


async def test_what_could_not_be_done_is_done_later():
    work = Work(1, PeerUnavailable(), 1, 0)

    await kept(work, timedelta(milliseconds=10), 3)

    assert work.done == [1, 1, 0]

"""Answers that are under way are awaited one after the other, and none is left behind."""

import asyncio

import pytest

from services.kit.errors import PeerFailed, PeerUnavailable
from services.routing.usecases.settling import settle, settle_all


def answers(*given):
    """Answers that come in the other order than they are awaited."""
    loop = asyncio.get_running_loop()
    asked = [loop.create_future() for _ in given]
    for place, (future, one) in enumerate(zip(asked, given, strict=True)):
        failed = isinstance(one, Exception)
        tell = future.set_exception if failed else future.set_result
        loop.call_later((len(given) - place) / 1000, tell, one)
    return asked


async def test_answers_stand_in_the_order_of_their_questions():
    assert await settle_all(answers(1, 2, 3)) == [1, 2, 3]


async def test_a_failure_stands_at_its_place():
    found = await settle(answers(1, PeerFailed(), 3))

    assert [type(one) for one in found] == [int, PeerFailed, int]


async def test_the_first_failure_is_raised_once_all_are_over():
    asked = answers(1, PeerFailed(), PeerUnavailable())

    with pytest.raises(PeerFailed):
        await settle_all(asked)
    assert all(one.done() for one in asked)


async def test_whoever_is_cancelled_leaves_nothing_that_is_waited_for():
    loop = asyncio.get_running_loop()
    asked = [loop.create_future() for _ in range(3)]
    unstarted = asyncio.sleep(0)
    waiting = asyncio.create_task(settle([*asked, unstarted]))
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert all(one.cancelled() for one in asked)

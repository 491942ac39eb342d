"""Awaiting many answers that are under way already, without a task for each."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import TypeVar

from services.concepts.failures import Failure

T = TypeVar("T")


async def settle(asked: Sequence[Awaitable[T]]) -> list[T | Failure]:
    """The answers in their order, or why there is none, once all are over.

    What is awaited one after the other costs a fraction of what tasks cost; it takes no longer, for
    the answers are under way (as of `Coalescer`).
    """
    answers: list[T | Failure] = []
    try:
        for one in asked:
            try:
                answers.append(await one)
            except Failure as failed:
                answers.append(failed)
    except BaseException:
        # Nothing is left behind that nobody will ask for.
        for left in asked[len(answers) :]:
            drop(left)
        raise
    return answers


async def settle_all(asked: Sequence[Awaitable[T]]) -> list[T]:
    """The answers in their order; the first failure once all are over."""
    answers = await settle(asked)
    for one in answers:
        if isinstance(one, Failure):
            raise one
    return [one for one in answers if not isinstance(one, Failure)]


def drop(asked: Awaitable[object]) -> None:
    """Wait for an answer no more."""
    for end in ("cancel", "close"):
        with suppress(AttributeError):
            getattr(asked, end)()

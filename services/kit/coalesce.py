"""Many questions at once become one list call, for most of a small call's cost is the call itself.

One call is in flight; what is asked meanwhile waits for its end, or for a few milliseconds, and
then goes together. A lone question never waits. Where questions usually come in company, they are
gathered for a moment before they go, the longer the more there are: a call costs its sender and its
peer as much as answering several questions, and who has none to spare is better served by fewer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Generic, Self, TypeVar

from services.concepts.failures import DeadlineSpent, Failure
from services.kit.clock import DEADLINE
from services.kit.errors import PeerFailed, PeerUnavailable
from services.kit.trace import TRACE, Trace

COMPANY = 4.0
"""How many more questions than one a call usually carries when gathering takes its full time."""
MEMORY = 8.0
"""Over about how many calls "usually" is reckoned."""

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(slots=True)
class _Asked(Generic[Q, A]):
    question: Q
    answer: asyncio.Future[A]
    deadline: float | None
    trace: Trace | None


class Coalescer(Generic[Q, A]):
    """Answers single questions by asking lists of them.

    An answer that is a Failure is raised for its own question; an `ask` that fails, or answers with
    another number of answers, fails all of its questions.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[Q]], Awaitable[Sequence[A | Failure]]],
        *,
        most: int = 256,
        patience: timedelta = timedelta(milliseconds=20),
        gathering: timedelta = timedelta(milliseconds=5),
    ) -> None:
        self._ask = ask
        self._most = most
        self._patience = patience.total_seconds()
        self._longest_gathering = gathering.total_seconds()
        self._waiting: list[_Asked[Q, A]] = []
        self._asking: set[asyncio.Task[None]] = set()
        self._due: asyncio.Handle | None = None
        self._due_at = 0.0
        self._usual = 1.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def __call__(self, question: Q) -> asyncio.Future[A]:
        """The answer to one question, to be awaited; within the deadline of the call at hand."""
        if self._closed:
            raise PeerUnavailable
        loop = self._loop
        if loop is None:
            # Remembered, for asking which it is costs a system call each time.
            loop = self._loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        self._waiting.append(_Asked(question, answer, DEADLINE.get(), TRACE.get()))
        if len(self._waiting) >= self._most:
            self._send()
        elif self._due is None:
            # At the end of this turn of the loop at the earliest: who comes together goes together.
            self._send_in(loop, self._patience if self._asking else self._gathering())
        return answer

    async def close(self) -> None:
        """Take no more questions, and wait until those that were asked are answered."""
        self._closed = True
        self._send()
        while self._asking:
            await asyncio.wait(self._asking)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _send_in(self, loop: asyncio.AbstractEventLoop, wait: float) -> None:
        """Send after so many seconds, unless that is to happen earlier already."""
        at = loop.time() + wait
        if self._due is not None:
            if self._due_at <= at:
                return
            self._due.cancel()
        self._due_at = at
        self._due = loop.call_later(wait, self._send) if wait else loop.call_soon(self._send)

    def _gathering(self) -> float:
        """Seconds to gather questions for, while nothing is in flight."""
        share = min(1.0, (self._usual - 1) / COMPANY)
        return self._longest_gathering * share if share > 0.1 else 0.0

    def _send(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        _fail_late(self._waiting)
        asked = [one for one in self._waiting if not one.answer.done()]
        self._waiting.clear()
        self._usual += (len(asked) - self._usual) / MEMORY
        for start in range(0, len(asked), self._most):
            self._start(asked[start : start + self._most])

    def _start(self, batch: list[_Asked[Q, A]]) -> None:
        context = Context()
        context.run(DEADLINE.set, _latest(batch))
        context.run(TRACE.set, _leading(batch))
        task = asyncio.get_running_loop().create_task(self._run(batch), context=context)
        self._asking.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._asking.discard(task)
        if self._waiting and not self._asking:
            self._send_in(task.get_loop(), self._gathering())

    async def _run(self, batch: list[_Asked[Q, A]]) -> None:
        deadline = DEADLINE.get()
        left = None if deadline is None else deadline - time.monotonic()
        try:
            async with asyncio.timeout(left) as limit:
                with _Watch(batch):
                    answers = await self._ask([one.question for one in batch])
            if len(answers) != len(batch):
                raise PeerFailed
        except asyncio.CancelledError:
            _fail(batch, PeerUnavailable())
            raise
        except TimeoutError as fault:
            _fail(batch, DeadlineSpent() if limit.expired() else fault)
        except Exception as fault:  # whatever it is belongs to those who asked
            _fail(batch, fault)
        else:
            for one, answer in zip(batch, answers, strict=True):
                if one.answer.done():
                    continue
                if isinstance(answer, Failure):
                    one.answer.set_exception(answer)
                else:
                    one.answer.set_result(answer)


class _Watch(Generic[Q, A]):
    """Fails each question of a call under way at its own deadline, with one timer for all."""

    def __init__(self, batch: Sequence[_Asked[Q, A]]) -> None:
        self._batch = batch
        self._next: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        self._look()

    def __exit__(self, *fault: object) -> None:
        if self._next is not None:
            self._next.cancel()

    def _look(self) -> None:
        _fail_late(self._batch)
        ahead = [
            one.deadline
            for one in self._batch
            if one.deadline is not None and not one.answer.done()
        ]
        self._next = None
        if ahead:
            left = min(ahead) - time.monotonic()
            self._next = asyncio.get_running_loop().call_later(left, self._look)


def _fail_late(asked: Sequence[_Asked[Q, A]]) -> None:
    now = time.monotonic()
    late = [one for one in asked if one.deadline is not None and one.deadline <= now]
    _fail(late, DeadlineSpent())


def _fail(asked: Sequence[_Asked[Q, A]], fault: Exception) -> None:
    for one in asked:
        if not one.answer.done():
            one.answer.set_exception(fault)


def _latest(batch: Sequence[_Asked[Q, A]]) -> float | None:
    """The last deadline of the batch; none if one of its questions has none."""
    deadlines = [one.deadline for one in batch if one.deadline is not None]
    return max(deadlines) if len(deadlines) == len(batch) else None


def _leading(batch: Sequence[_Asked[Q, A]]) -> Trace | None:
    """The trace the batch belongs to: the first that is sampled, else the first."""
    traces = [one.trace for one in batch if one.trace is not None]
    return next((trace for trace in traces if trace.sampled), traces[0] if traces else None)

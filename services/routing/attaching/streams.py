"""The streams of this process: who is attached, what is asked on which, what comes back."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.clock import remaining
from services.routing.attaching.model import Answer, Asking, Question, Stray
from services.routing.errors import SourceNotAttached

ATTEMPTS = 2
"""On how many streams a question is tried: the second when the first broke."""
AWAY = timedelta(seconds=2)
"""For how long a source without a stream is waited for: it is about to open another."""
REMEMBERED = 1024
"""How many closed lists a stream remembers, to tell what is late from what was never asked."""


class StreamLost(Exception):
    """The stream ended before the answer."""


@dataclass(slots=True)
class _List:
    asked: Asking
    done: asyncio.Future[list[Answer]]
    answers: list[Answer] = field(default_factory=list)


class Stream:
    """One stream of a source. Counts what is unanswered, never what is written."""

    def __init__(self, source: EnterpriseNumber, credit: int, freed: Callable[[], None]) -> None:
        self.source = source
        self.credit = credit
        self.owed = 0
        self.is_leaving = False
        self.is_detaching = False
        self.woken = asyncio.Event()
        self.heard_at = asyncio.get_running_loop().time()
        self.strays: dict[Stray, int] = {}
        self._freed = freed
        self._numbers = count(1)
        self._lists: dict[int, _List] = {}
        self._unsent: deque[int] = deque()
        self._closed: OrderedDict[int, None] = OrderedDict()

    @property
    def room(self) -> int:
        """How many more questions may go out on it."""
        return 0 if self.is_leaving else self.credit - self.owed

    def put(self, questions: Sequence[Question]) -> asyncio.Future[list[Answer]]:
        """Ask a list, within its room: its answers, or StreamLost if the stream ends before."""
        number = next(self._numbers)
        done: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
        self._lists[number] = _List(Asking(number, questions, remaining()), done)
        self._unsent.append(number)
        self.owed += len(questions)
        self.woken.set()
        return done

    def next_asking(self) -> Asking | None:
        """What is to be sent next. What nobody waits for any more is not asked at all."""
        while self._unsent:
            one = self._lists[number := self._unsent.popleft()]
            if not one.done.done():
                return one.asked
            self._settle(number)
        return None

    def hear(self, number: int, answers: Sequence[Answer]) -> None:
        """Answers came; those that nobody waits for are counted."""
        one = self._lists.get(number)
        if one is None or number in self._unsent:
            self.count_stray(Stray.TWICE if number in self._closed else Stray.UNASKED)
            return
        one.answers.extend(answers)
        if len(one.answers) < len(one.asked.questions):
            return
        self._settle(number)
        if one.done.done():
            self.count_stray(Stray.LATE)
        else:
            # As many as were asked or more: what is too much is judged where all answers are.
            one.done.set_result(one.answers)

    def count_stray(self, kind: Stray) -> None:
        """An answer is dropped."""
        self.strays[kind] = self.strays.get(kind, 0) + 1
        self.woken.set()

    def leave(self) -> None:
        """Let nothing more be asked on it."""
        self.is_leaving = True
        self.woken.set()
        self._freed()

    def close(self) -> None:
        """It is over; what was asked on it is tried elsewhere."""
        self.leave()
        for one in self._lists.values():
            if not one.done.done():
                one.done.set_exception(StreamLost())
        self._lists.clear()
        self._unsent.clear()

    def _settle(self, number: int) -> None:
        one = self._lists.pop(number)
        self.owed -= len(one.asked.questions)
        self._closed[number] = None
        if len(self._closed) > REMEMBERED:
            self._closed.popitem(last=False)
        self.woken.set()
        self._freed()


class Streams:
    """All streams of this process, by source."""

    def __init__(self, show: Callable[[int], None] = lambda _: None) -> None:
        self._show = show
        self._open: dict[EnterpriseNumber, set[Stream]] = {}
        self._left_at: dict[EnterpriseNumber, float] = {}
        self._freed: dict[EnterpriseNumber, asyncio.Event] = {}
        self.is_ending = False

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    def sources(self) -> Iterable[EnterpriseNumber]:
        """Who is attached here."""
        return list(self._open)

    def count(self, source: EnterpriseNumber) -> int:
        """How many streams a source holds here."""
        return len(self._open.get(source, ()))

    def asks(self, source: EnterpriseNumber) -> bool:
        """Whether the source can be asked here."""
        return any(not one.is_leaving for one in self._open.get(source, ()))

    def open(self, source: EnterpriseNumber, credit: int) -> Stream:
        """A stream of a source, on which it can be asked from now on."""
        stream = Stream(source, credit, self._event(source).set)
        self._open.setdefault(source, set()).add(stream)
        self._event(source).set()
        self._show(len(self))
        return stream

    def close(self, stream: Stream) -> None:
        """The stream is over."""
        mine = self._open.get(stream.source, set())
        mine.discard(stream)
        if not mine:
            self._open.pop(stream.source, None)
            self._left_at[stream.source] = asyncio.get_running_loop().time()
        stream.close()
        self._show(len(self))

    def end(self) -> None:
        """The process is about to stop: all streams end, soon and with a reason."""
        self.is_ending = True
        for streams in self._open.values():
            for stream in streams:
                stream.woken.set()

    async def ask(
        self, source: EnterpriseNumber, questions: Sequence[Question], attempts: int = ATTEMPTS
    ) -> list[Answer]:
        """The answers of an attached source; SourceNotAttached if it is not, or not any more."""
        stream = await self._stream_with_room(source)
        part, rest = questions[: stream.room], questions[stream.room :]
        answers = self._answers(source, part, stream.put(part), attempts)
        if not rest:
            return await answers
        async with asyncio.TaskGroup() as both:
            first = both.create_task(answers)
            last = both.create_task(self.ask(source, rest, attempts))
        return [*first.result(), *last.result()]

    async def _answers(
        self,
        source: EnterpriseNumber,
        questions: Sequence[Question],
        done: asyncio.Future[list[Answer]],
        attempts: int,
    ) -> list[Answer]:
        try:
            return await done
        except StreamLost:
            if attempts == 1:
                raise SourceNotAttached from None
        return await self.ask(source, questions, attempts - 1)

    async def _stream_with_room(self, source: EnterpriseNumber) -> Stream:
        """The stream with most room, once there is one; the deadline of the call bounds it."""
        freed = self._event(source)
        while True:
            freed.clear()
            streams = [one for one in self._open.get(source, ()) if one.room > 0]
            if streams:
                return max(streams, key=lambda one: one.room)
            await self._wait(source, freed, asks=self.asks(source))

    async def _wait(self, source: EnterpriseNumber, freed: asyncio.Event, *, asks: bool) -> None:
        if asks:
            await freed.wait()
            return
        left_at = self._left_at.get(source)
        now = asyncio.get_running_loop().time()
        left = 0.0 if left_at is None else left_at + AWAY.total_seconds() - now
        if self.count(source):
            # The last one is leaving: another is about to come.
            left = AWAY.total_seconds()
        try:
            async with asyncio.timeout(left):
                await freed.wait()
        except TimeoutError:
            raise SourceNotAttached from None

    def _event(self, source: EnterpriseNumber) -> asyncio.Event:
        return self._freed.setdefault(source, asyncio.Event())

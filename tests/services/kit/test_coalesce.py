"""Single questions that become list calls."""

import asyncio
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.failures import DeadlineSpent, NotFound
from services.kit.clock import DEADLINE, within
from services.kit.coalesce import Coalescer
from services.kit.errors import PeerFailed, PeerUnavailable
from services.kit.trace import TRACE, Trace

PATIENT = timedelta(hours=1)


class Peer:
    """Answers lists of numbers with their doubles, once let."""

    def __init__(self, *, held: bool = False) -> None:
        self.asked: list[list[int]] = []
        self.deadlines: list[float | None] = []
        self.traces: list[Trace | None] = []
        self.running = 0
        self.arrived = asyncio.Semaphore(0)
        self.let = asyncio.Semaphore(0 if held else 1_000_000)

    async def __call__(self, questions):
        self.asked.append(list(questions))
        self.deadlines.append(DEADLINE.get())
        self.traces.append(TRACE.get())
        self.arrived.release()
        self.running += 1
        try:
            await self.let.acquire()
        finally:
            self.running -= 1
        return [2 * question for question in questions]


async def asking(ask, *questions):
    tasks = [ask(question) for question in questions]
    await asyncio.sleep(0)
    return tasks


async def test_an_idle_coalescer_asks_at_once_and_together():
    peer = Peer()
    async with Coalescer(peer, patience=PATIENT) as ask:
        assert await asyncio.gather(ask(1), ask(2), ask(3)) == [2, 4, 6]

    assert peer.asked == [[1, 2, 3]]


async def test_what_arrives_during_a_call_waits_for_its_end():
    peer = Peer(held=True)
    async with Coalescer(peer, patience=PATIENT) as ask:
        first = await asking(ask, 1)
        await peer.arrived.acquire()
        rest = await asking(ask, 2, 3)
        assert peer.asked == [[1]]
        peer.let.release()
        peer.let.release()
        assert await asyncio.gather(*first, *rest) == [2, 4, 6]

    assert peer.asked == [[1], [2, 3]]


async def test_what_arrives_during_a_long_call_waits_only_so_long():
    peer = Peer(held=True)
    async with Coalescer(peer, patience=timedelta(milliseconds=1)) as ask:
        tasks = await asking(ask, 1)
        await peer.arrived.acquire()
        tasks += await asking(ask, 2)
        await asyncio.wait_for(peer.arrived.acquire(), 5)
        assert peer.running == 2
        peer.let.release()
        peer.let.release()
        assert await asyncio.gather(*tasks) == [2, 4]


async def test_where_questions_come_in_company_they_are_gathered_before_they_go():
    peer = Peer()
    async with Coalescer(peer, gathering=timedelta(milliseconds=100)) as ask:
        for _ in range(10):
            await asyncio.gather(*map(ask, range(8)))
        peer.asked.clear()
        early = await asking(ask, 1)
        await asyncio.sleep(0)
        assert peer.asked == []
        late = await asking(ask, 2)
        assert await asyncio.gather(*early, *late) == [2, 4]

    assert peer.asked == [[1, 2]]


async def test_no_call_is_longer_than_the_most():
    peer = Peer()
    async with Coalescer(peer, most=4, patience=PATIENT) as ask:
        assert await asyncio.gather(*map(ask, range(10))) == list(range(0, 20, 2))

    assert [len(questions) for questions in peer.asked] == [4, 4, 2]


async def test_a_waiter_that_is_cancelled_hurts_no_other():
    peer = Peer(held=True)
    async with Coalescer(peer, patience=PATIENT) as ask:
        tasks = await asking(ask, 1, 2)
        await peer.arrived.acquire()
        tasks += await asking(ask, 3, 4)
        tasks[0].cancel()
        tasks[2].cancel()
        await asyncio.sleep(0)
        peer.let.release()
        peer.let.release()
        answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [answers[1], answers[3]] == [4, 8]
    assert peer.asked == [[1, 2], [4]]


async def test_an_answer_that_is_a_failure_is_raised_for_its_own_question():
    async def ask_list(questions):
        return [NotFound() if question == 2 else question for question in questions]

    async with Coalescer(ask_list) as ask:
        answers = await asyncio.gather(ask(1), ask(2), ask(3), return_exceptions=True)

    assert [answers[0], answers[2]] == [1, 3]
    assert isinstance(answers[1], NotFound)


@pytest.mark.parametrize("answers", [[], [1], [1, 2, 3]])
async def test_another_number_of_answers_fails_all(answers):
    async def ask_list(_questions):
        return answers

    async with Coalescer(ask_list) as ask:
        results = await asyncio.gather(ask(1), ask(2), return_exceptions=True)

    assert [type(result) for result in results] == [PeerFailed, PeerFailed]


async def test_a_call_that_fails_fails_its_questions_and_no_later_ones():
    async def ask_list(questions):
        if 1 in questions:
            raise PeerUnavailable
        return list(questions)

    async with Coalescer(ask_list) as ask:
        with pytest.raises(PeerUnavailable):
            await ask(1)
        assert await ask(2) == 2


async def test_the_call_has_the_latest_deadline_and_each_question_its_own():
    peer = Peer(held=True)

    async def asked_within(limit, question):
        with within(limit):
            return await ask(question)

    async with Coalescer(peer) as ask:
        soon = asyncio.create_task(asked_within(timedelta(milliseconds=1), 1))
        late = asyncio.create_task(asked_within(timedelta(minutes=1), 2))
        with pytest.raises(DeadlineSpent):
            await soon
        peer.let.release()
        assert await late == 4

    assert peer.deadlines[0] - time.monotonic() > 30


async def test_what_waited_past_its_deadline_is_not_asked_any_more():
    peer = Peer(held=True)
    async with Coalescer(peer, patience=PATIENT) as ask:
        first = ask(1)
        await peer.arrived.acquire()
        with within(timedelta(milliseconds=1)):
            late = ask(2)
        in_time = ask(3)
        await asyncio.sleep(0.005)
        peer.let.release()
        peer.let.release()
        assert await asyncio.gather(first, in_time) == [2, 6]
        with pytest.raises(DeadlineSpent):
            await late

    assert peer.asked == [[1], [3]]


async def test_the_call_belongs_to_the_trace_that_is_sampled():
    peer = Peer()
    plain, sampled = Trace("1" * 32, "1" * 16, False), Trace("2" * 32, "2" * 16, True)

    async def traced(trace, question):
        TRACE.set(trace)
        return await ask(question)

    async with Coalescer(peer) as ask:
        tasks = [asyncio.create_task(traced(trace, 1)) for trace in (plain, sampled)]
        await asyncio.gather(*tasks)

    assert peer.traces == [sampled]


async def test_closing_answers_what_was_asked_and_refuses_what_follows():
    peer = Peer(held=True)
    ask = Coalescer(peer, patience=PATIENT)
    tasks = await asking(ask, 1)
    await peer.arrived.acquire()
    tasks += await asking(ask, 2)
    closing = asyncio.create_task(ask.close())
    peer.let.release()
    peer.let.release()
    await closing

    assert [task.result() for task in tasks] == [2, 4]
    assert peer.running == 0
    with pytest.raises(PeerUnavailable):
        await ask(3)


@given(
    questions=st.lists(st.integers(), max_size=60),
    most=st.integers(1, 8),
    pauses=st.lists(st.integers(0, 3), min_size=60, max_size=60),
)
def test_every_question_gets_its_own_answer_exactly_once(questions, most, pauses):
    async def all_asked():
        peer = Peer()

        async def later(pause, question):
            for _ in range(pause):
                await asyncio.sleep(0)
            return await ask(question)

        async with Coalescer(peer, most=most) as ask:
            answers = await asyncio.gather(*map(later, pauses, questions))
        assert answers == [2 * question for question in questions]
        assert sorted(one for batch in peer.asked for one in batch) == sorted(questions)
        assert all(1 <= len(batch) <= most for batch in peer.asked)

    asyncio.run(all_asked())

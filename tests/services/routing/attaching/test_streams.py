"""What is asked on which stream, and what becomes of it when one breaks."""

import asyncio

import pytest

from services.routing.attaching import streams as module
from services.routing.attaching.model import Stray
from services.routing.attaching.streams import Streams
from services.routing.errors import SourceNotAttached
from tests.services.routing.examples import FIRST


@pytest.fixture
async def streams(monkeypatch):
    monkeypatch.setattr(module, "AWAY", module.AWAY * 0)
    return Streams()


async def settled():
    """Let everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def asked(streams, *questions):
    """Questions that were asked, and wait."""
    task = asyncio.create_task(streams.ask(FIRST, questions))
    await settled()
    return task


def answer(stream):
    """What was asked next on the stream is answered, each question by its capitals."""
    asking = stream.next_asking()
    stream.hear(asking.number, [one.upper() for one in asking.questions])
    return asking.number


async def test_what_is_asked_is_answered_in_its_order(streams):
    stream = streams.open(FIRST, 10)
    one, two = await asked(streams, "a", "b"), await asked(streams, "c")
    first, second = stream.next_asking(), stream.next_asking()

    stream.hear(second.number, ["C"])
    stream.hear(first.number, ["A"])
    stream.hear(first.number, ["B"])

    assert (await one, await two) == (["A", "B"], ["C"])
    assert stream.owed == 0


async def test_no_stream_gets_more_than_its_credit_however_much_is_sent(streams):
    stream = streams.open(FIRST, 3)
    task = await asked(streams, *"abcdefgh")

    sent = stream.next_asking()
    assert (len(sent.questions), stream.owed, stream.next_asking()) == (3, 3, None)
    stream.hear(sent.number, "ABC")
    await settled()
    answer(stream)
    await settled()
    answer(stream)

    assert await task == [*"ABCDEFGH"]


async def test_a_question_that_nobody_waits_for_any_more_still_counts(streams):
    stream = streams.open(FIRST, 1)
    gone, waiting = await asked(streams, "a"), await asked(streams, "b")
    number = stream.next_asking().number

    gone.cancel()
    await settled()
    assert stream.next_asking() is None

    stream.hear(number, ["A"])
    await settled()
    assert stream.strays == {Stray.LATE: 1}
    answer(stream)
    assert await waiting == ["B"]


async def test_a_question_that_was_given_up_before_it_was_sent_is_not_sent(streams):
    stream = streams.open(FIRST, 1)
    gone = await asked(streams, "a")
    gone.cancel()
    await settled()

    assert stream.next_asking() is None
    assert stream.owed == 0


async def test_several_streams_share_the_load(streams):
    both = [streams.open(FIRST, 10) for _ in range(2)]
    tasks = [await asked(streams, letter) for letter in "abcd"]

    assert [one.owed for one in both] == [2, 2]
    for stream in both:
        answer(stream), answer(stream)
    assert [await one for one in tasks] == [["A"], ["B"], ["C"], ["D"]]


async def test_what_was_asked_on_a_stream_that_breaks_is_asked_on_another(streams):
    first = streams.open(FIRST, 10)
    task = await asked(streams, "a")
    first.next_asking()
    second = streams.open(FIRST, 10)

    streams.close(first)
    await settled()
    answer(second)

    assert await task == ["A"]


async def test_a_question_whose_streams_broke_twice_is_not_answered(streams):
    three = [streams.open(FIRST, 10) for _ in range(3)]
    task = await asked(streams, "a")
    for _ in range(2):
        [owing] = [one for one in three if one.owed]
        streams.close(owing)
        three.remove(owing)
        await settled()

    with pytest.raises(SourceNotAttached):
        await task
    assert three[0].owed == 0


async def test_nothing_is_asked_on_a_stream_that_leaves_and_what_was_asked_is_answered(streams):
    leaving = streams.open(FIRST, 10)
    before = await asked(streams, "a")
    leaving.leave()
    staying = streams.open(FIRST, 10)
    after = await asked(streams, "b")

    answer(leaving)
    answer(staying)

    assert (await before, await after) == (["A"], ["B"])


async def test_a_source_without_a_stream_is_not_attached(streams):
    with pytest.raises(SourceNotAttached):
        await streams.ask(FIRST, ["a"])
    streams.close(streams.open(FIRST, 10))
    with pytest.raises(SourceNotAttached):
        await streams.ask(FIRST, ["a"])


async def test_a_source_that_has_just_lost_its_stream_is_waited_for(streams, monkeypatch):
    monkeypatch.undo()
    streams.close(streams.open(FIRST, 10))
    task = await asked(streams, "a")
    assert not task.done()

    stream = streams.open(FIRST, 10)
    await settled()
    answer(stream)

    assert await task == ["A"]


async def test_answers_that_nobody_asked_for_are_told_apart(streams):
    stream = streams.open(FIRST, 10)
    task = await asked(streams, "a")

    number = answer(stream)
    stream.hear(number, ["A"])
    stream.hear(77, ["A"])
    stream.hear(0, [])
    late = await asked(streams, "b")
    unsent = number + 1
    stream.hear(unsent, ["B"])

    assert await task == ["A"]
    assert stream.strays == {Stray.TWICE: 1, Stray.UNASKED: 3}
    answer(stream)
    assert await late == ["B"]

"""Telling of batches: to their customers only, in order, as long as it is allowed."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest
from cbss.routing.v1 import batch_pb2

from services.concepts.decision import Denied
from services.routing.batches import rules
from services.routing.batches.model import BatchState
from services.routing.errors import BatchUnknown, StreamEnded, WatchesSpent
from tests.services.routing.batches.examples import KEPT, person
from tests.services.routing.examples import MANAGER

PERSONS = [person(number) for number in range(1, 8)]


async def test_a_batch_is_nobody_elses(country):
    taken = await country.submit(*PERSONS)

    for asked in (country.readings.get, country.readings.cancel):
        with pytest.raises(BatchUnknown):
            await asked(country.call(MANAGER), taken.batch.batch_id)
    with pytest.raises(BatchUnknown):
        await country.readings.list_results(country.call(MANAGER), taken.batch.batch_id, 0, 5)
    assert await country.readings.list_latest(country.call(MANAGER), None, 5) == []


async def test_batches_are_listed_the_latest_first_by_page(country):
    made = [(await country.submit(PERSONS[0], ticket=f"t-{n}")).batch.batch_id for n in range(5)]
    first = await country.readings.list_latest(country.call(), None, 3)
    second = await country.readings.list_latest(country.call(), first[-1].batch_id, 3)

    assert [one.batch_id for one in (*first, *second)] == made[::-1]


async def test_results_come_by_page_as_far_as_all_before_them_are_there(country):
    taken = await country.submit(*PERSONS)
    key = taken.batch.batch_id
    await country.works.step()
    early = await country.readings.list_results(country.call(), key, 0, 5)
    await country.work()
    late = await country.readings.list_results(country.call(), key, early.page.next_position, 5)

    assert (len(early.page.results), early.page.next_position, early.page.has_more) == (3, 3, True)
    assert (len(late.page.results), late.page.has_more) == (4, False)


async def test_a_page_is_no_larger_than_a_message_may_be(country):
    taken = await country.submit(*PERSONS)
    await country.work()
    batch = await country.readings.get(country.call(), taken.batch.batch_id)

    page = await country.desk.results(batch, 0, 1000, 1)

    assert (len(page.results), page.next_position, page.has_more) == (1, 1, True)


async def test_results_are_not_read_once_the_deliberation_is_suspended(country):
    taken = await country.submit(*PERSONS)
    await country.work()
    country.mesh.verdict = Denied("DELIBERATION_SUSPENDED", None, "v2")

    reading = await country.readings.list_results(country.call(), taken.batch.batch_id, 0, 5)

    assert (reading.status.code.code, reading.page.results) == ("MSG00013", ())
    assert country.audit.heads()[-1] == ("REFUSAL", 0, "DELIBERATION_SUSPENDED")


async def streamed(country, key, position=0):
    """The results that a stream brings, to its end."""
    found = []
    pages = country.readings.stream_results(country.call(), key, position)
    async with aclosing(pages):
        async for read in pages:
            found += [batch_pb2.BatchResult.FromString(one) for one in read.page.results]
    return [one.position for one in found]


async def test_a_stream_brings_what_is_there_and_what_comes_to_the_last(country):
    taken = await country.submit(*PERSONS)
    key = taken.batch.batch_id
    await country.works.step()
    reading = asyncio.create_task(streamed(country, key))
    await asyncio.sleep(0)
    await country.work()

    assert await reading == [*range(7)]
    assert await streamed(country, key, 5) == [5, 6]
    assert country.streams.open == 0


async def test_streams_are_bounded_and_end_when_the_process_stops(country):
    taken = await country.submit(*PERSONS)
    key = taken.batch.batch_id
    country.streams.count(2)
    with pytest.raises(WatchesSpent):
        await streamed(country, key)
    country.streams.count(-2)
    country.streams.end()
    with pytest.raises(StreamEnded):
        await streamed(country, key)


async def test_what_was_not_begun_is_not_done_once_a_batch_is_given_up(country):
    taken = await country.submit(*PERSONS)
    key = taken.batch.batch_id
    await country.works.step()
    canceled = await country.readings.cancel(country.call(), key)
    again = await country.readings.cancel(country.call(), key)
    await country.work()

    assert (canceled.state, again.state) == (BatchState.CANCELED, BatchState.CANCELED)
    assert len(country.mesh.asked) == 3
    assert await streamed(country, key) == [0, 1, 2]
    assert country.audit.heads() == [("INTENT", 7, ""), ("OUTCOME", 7, "CANCELED")]


async def test_what_was_begun_has_its_end_though_the_batch_was_given_up(country):
    taken = await country.submit(*PERSONS)
    await country.bench.take(timedelta(0))
    await country.readings.cancel(country.call(), taken.batch.batch_id)
    await country.work()

    assert sorted(one.subject_ssin for one in country.audit.lines()) == PERSONS[:3]


async def test_a_term_that_passes_is_told_once(country):
    told = []
    object.__setattr__(country.upkeep, "tell", told.append)
    taken = await country.submit(*PERSONS, term={"seconds": 60})
    country.now += timedelta(minutes=2)
    await country.upkeep.step()
    await country.upkeep.step()
    await country.work()

    batch = await country.readings.get(country.call(), taken.batch.batch_id)

    assert told == [1, 0]
    assert batch.is_overdue
    assert batch.state is BatchState.DONE


async def test_results_go_when_they_were_kept_long_enough(country):
    taken = await country.submit(*PERSONS)
    await country.work()
    country.now += KEPT * 30
    assert await country.upkeep.step() == 1

    with pytest.raises(BatchUnknown):
        await country.readings.get(country.call(), taken.batch.batch_id)


async def test_an_estimate_is_the_pace_so_far(country):
    taken = await country.submit(*PERSONS)
    assert rules.estimate(taken.batch, country.now) is None
    await country.works.step()
    batch = await country.readings.get(country.call(), taken.batch.batch_id)
    later = batch.started_at + timedelta(seconds=30)

    assert rules.estimate(batch, later) == later + timedelta(seconds=40)

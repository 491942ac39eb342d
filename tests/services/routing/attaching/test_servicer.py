"""Attaching over real mutual TLS: a source behind the gateway, routing on the other side."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from cbss.routing.v1 import attach_service_pb2 as pb

from services.kit.errors import PeerUnavailable
from tests.services.routing.attaching.examples import (
    BOUNDS,
    Places,
    Source,
    asking,
    process,
    tickets,
)
from tests.services.routing.examples import CENTRE, FIRST, SECOND
from tests.support.waiting import until


@pytest.fixture
async def attach(tmp_path, authority):
    async with process(tmp_path / "a", authority, Places()) as one:
        yield one


async def test_a_source_behind_a_firewall_is_asked_and_answers(attach):
    async with Source(attach, credit=5) as source:
        told = await source.attached()
        task = asking(attach, "1", "2", "3")
        asked = (await source.read()).asking
        await source.answer(asked.number, "a", "b")
        await source.answer(asked.number, "c")

        assert tickets(await task) == ["a", "b", "c"]
    assert (told.heartbeat_interval.seconds, told.credit) == (60, 5)
    assert [one.ssin for one in asked.request.questions] == ["1", "2", "3"]
    assert 0 < asked.time_left.seconds <= 20


async def test_the_credit_bounds_what_is_unanswered_and_not_what_is_written(attach):
    async with Source(attach, credit=99) as source:
        assert (await source.attached()).credit == BOUNDS.credit
        task = asking(attach, *map(str, range(20)))
        sizes = []
        while not task.done():
            message = await source.read()
            sizes.append(len(message.asking.request.questions))
            [stream] = attach.streams._open[FIRST]
            assert stream.owed <= BOUNDS.credit
            await source.answer(message.asking.number, *["x"] * sizes[-1])
            if sum(sizes) == 20:
                break
        assert len(tickets(await task)) == 20
    assert sizes == [8, 8, 4]


async def test_what_was_asked_on_a_stream_that_dies_goes_to_another_of_the_source(attach):
    async with Source(attach) as one, Source(attach) as two:
        both = [one, two]
        for source in both:
            await source.attached()
        task = asking(attach, "1")
        reads = [asyncio.ensure_future(source.read()) for source in both]
        [done], [left] = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
        both[reads.index(done)].call.cancel()

        message = await left
        await both[reads.index(left)].answer(message.asking.number, "a")

        assert tickets(await task) == ["a"]


async def test_a_source_that_is_attached_nowhere_is_a_technical_error_at_once(attach):
    with pytest.raises(PeerUnavailable) as refused:
        await asking(attach, "1")

    assert refused.value.facts["reason"] == "SOURCE_NOT_ATTACHED"


async def test_a_source_detaches_when_it_has_answered(attach):
    async with Source(attach) as source:
        await source.attached()
        task = asking(attach, "1")
        asked = (await source.read()).asking
        await source.say(detaching=pb.AttachDetaching())
        await source.answer(asked.number, "a")

        assert tickets(await task) == ["a"]
        assert await source.ended() == "OK"
    await attach.holds(0)


async def test_answers_twice_late_and_unasked_are_dropped_counted_and_recorded(attach):
    async with Source(attach) as source:
        await source.attached()
        late = asking(attach, "1")
        asked = (await source.read()).asking
        late.cancel()
        await asyncio.wait([late])

        async def given_up():
            [stream] = attach.streams._open[FIRST]
            return stream._lists[asked.number].done.done()

        await until(given_up)
        for number in (asked.number, asked.number, 77):
            await source.answer(number, "a")
        await source.say(detaching=pb.AttachDetaching())
        assert await source.ended() == "OK"

    kinds = ["ANSWERED_LATE", "ANSWERED_TWICE", "ANSWERED_UNASKED"]
    assert sorted(attach.strays) == kinds
    recorded = [one for one in attach.trail.entries if one.reason in kinds]
    assert sorted(one.reason for one in recorded) == kinds
    assert all(not one.permitted for one in recorded)
    assert all(one.party.customer.cbe_number == FIRST for one in recorded)


@pytest.mark.parametrize(
    ("organization", "claims", "expected"),
    [
        (SECOND, SECOND, "NO_SOURCE"),
        (CENTRE, CENTRE, "NO_SOURCE"),
        (CENTRE, FIRST, "CUSTOMER_NOT_THE_CALLER"),
    ],
)
async def test_nobody_attaches_but_a_source_that_does_so(attach, organization, claims, expected):
    async with Source(attach, organization, claims=claims) as source:
        assert await source.ended() == expected

    assert [one.reason for one in attach.trail.entries] == [expected]
    assert len(attach.streams) == 0


async def test_a_key_that_is_withdrawn_ends_the_stream_before_anything_more_is_asked(attach):
    async with Source(attach) as source:
        await source.attached()
        attach.knowledge.withdraw(FIRST)

        task = asking(attach, "1")

        assert await source.ended() == "ORGANIZATION_UNKNOWN"
        with pytest.raises(PeerUnavailable):
            await task


async def test_too_many_streams_are_refused_with_a_reason(attach):
    async with Source(attach) as one, Source(attach) as two, Source(attach) as three:
        for source in (one, two, three):
            await source.attached()
        async with Source(attach) as fourth:
            assert await fourth.ended() == "ATTACHMENTS_SPENT"


async def test_streams_end_at_once_when_the_process_stops(attach):
    async with Source(attach) as idle, Source(attach) as busy:
        for source in (idle, busy):
            await source.attached()
        attach.streams.end()

        assert (await idle.read()).HasField("leaving")
        assert await idle.ended() == await busy.ended() == "STREAM_ENDED"
    await attach.holds(0)


@pytest.mark.parametrize(
    "message",
    [
        pb.AttachRequest(),
        pb.AttachRequest(opening=pb.AttachOpening()),
    ],
)
async def test_a_message_that_has_no_place_there_ends_the_stream(attach, message):
    async with Source(attach) as source:
        await source.attached()
        await source.call.write(message)

        assert await source.ended() == "INVALID_ARGUMENT"


async def test_the_first_message_says_who_attaches(attach):
    source = Source(attach)
    await source.say(heartbeat=pb.AttachHeartbeat())

    assert await source.ended() == "INVALID_ARGUMENT"


async def test_a_stream_that_is_abandoned_leaves_nothing(attach):
    opened = [Source(attach) for _ in range(3)]
    for source in opened:
        await source.call.write(source.opening)
        await source.attached()
    assert len(attach.streams) == 3

    for source in opened:
        source.call.cancel()

    await attach.holds(0)


async def test_a_source_is_asked_wherever_it_is_attached(tmp_path, authority):
    places = Places()
    async with (
        process(tmp_path / "a", authority, places) as here,
        process(tmp_path / "b", authority, places) as there,
        Source(there) as source,
    ):
        await source.attached()
        task = asking(here, "1")
        await source.answer((await source.read()).asking.number, "a")

        assert tickets(await task) == ["a"]


async def test_a_process_that_is_gone_is_asked_in_vain_once_and_goes_no_further(
    tmp_path, authority
):
    places = Places()
    async with (
        process(tmp_path / "a", authority, places) as here,
        process(tmp_path / "b", authority, places) as there,
    ):
        places.attached.add((FIRST, there.address))
        places.attached.add((FIRST, here.address))

        with pytest.raises(PeerUnavailable) as refused:
            await asking(here, "1")

    assert refused.value.facts["reason"] == "SOURCE_NOT_ATTACHED"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"life": timedelta()}, "STREAM_ENDED"),
        ({"heartbeat": timedelta(seconds=0.05)}, "ATTACHMENT_SILENT"),
    ],
)
async def test_a_stream_ends_by_itself(tmp_path, authority, changes, expected):
    bounds = replace(BOUNDS, **changes)
    async with process(tmp_path / "a", authority, Places(), bounds) as one, Source(one) as source:
        assert await source.ended() == expected


async def test_heartbeats_come_and_keep_the_stream(tmp_path, authority):
    bounds = replace(BOUNDS, heartbeat=timedelta(seconds=0.2))
    async with process(tmp_path / "a", authority, Places(), bounds) as one, Source(one) as source:
        await source.attached()
        for _ in range(5):
            assert (await source.read()).HasField("heartbeat")
            await source.say(heartbeat=pb.AttachHeartbeat())

"""What goes out of what waits: checked again, cut, in order, on the trail first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.admission.errors import OrganizationUnknown
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.kit.errors import PeerUnavailable
from services.routing.errors import (
    ResumeTokenExpired,
    StreamEnded,
    WatchesSpent,
)
from services.routing.notices.usecases.expiring import Halts
from tests.services.routing.examples import CENTRE, MANAGER, PERSON, SUCCESSOR, Result
from tests.services.routing.notices.examples import (
    BOUNDS,
    KEPT,
    Country,
    call,
    event,
    subscriber,
)


async def published(count=1, **how):
    country = Country(**how)
    for n in range(1, count + 1):
        await country.publish(event(f"r-{n}"))
    return country


def references(page):
    return [one.waiting.event.reference for one in page.deliveries]


async def test_content_goes_out_cut_to_what_is_granted_and_says_what_was_cut():
    country = await published()

    (delivery,) = (await country.page()).deliveries

    message = Result.FromString(delivery.payload.content)
    assert (message.plain, message.group.items[0].kept) == ("open", "k")
    assert not message.group.items[0].secret
    assert delivery.cut == {"group.name", "group.items.secret"}
    assert country.trail.delivered == [delivery]


async def test_a_subscription_without_fields_is_told_that_something_changed():
    country = await published()

    (delivery,) = (await country.page(MANAGER)).deliveries

    assert delivery.payload is None


async def test_nothing_goes_out_without_the_trail():
    country = await published()
    country.trail.fault = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await country.page()


async def test_what_waits_is_listed_in_order_until_it_is_acknowledged():
    country = await published(3)
    first = await country.page(most=2)

    assert (references(first), first.more) == (["r-1", "r-2"], True)
    assert references(await country.page(after=first.position)) == ["r-3"]

    ids = {one.waiting.notice_id for one in first.deliveries}
    asked = call(CENTRE, "AcknowledgeNotices")
    assert await country.deliveries.acknowledge(asked, ids) == 2
    assert await country.deliveries.acknowledge(asked, ids) == 0
    assert references(await country.page()) == ["r-3"]


async def test_nobody_acknowledges_for_another():
    country = await published()
    ids = {one.waiting.notice_id for one in (await country.page()).deliveries}

    assert await country.deliveries.acknowledge(call(MANAGER, "AcknowledgeNotices"), ids) == 0


async def test_a_ground_that_ended_stops_what_is_queued_for_good():
    country = await published(2)
    country.directory.told = (subscriber(MANAGER, 2, ()),)

    assert references(await country.page()) == []
    assert country.trail.delivered == []
    assert await country.store.count_waiting(CENTRE, 9, 9) == 0
    assert references(await country.page(MANAGER)) == ["r-1", "r-2"]


async def test_fields_that_are_no_longer_granted_are_cut_from_what_is_queued():
    country = await published()
    country.directory.told = (subscriber(fields=("group.items.kept",)),)

    (delivery,) = (await country.page()).deliveries

    assert delivery.cut == {"plain", "group.name", "group.items.secret"}


async def test_a_person_whose_number_was_replaced_is_told_under_the_new_one():
    country = await published()
    country.identification.became[PERSON] = ResolvedSsin(SsinState.REPLACED, SUCCESSOR)

    (delivery,) = (await country.page()).deliveries

    assert delivery.person == SUCCESSOR


async def test_a_token_before_what_expired_is_refused_and_a_new_start_is_not():
    country = await published(2)
    country.now += KEPT
    await country.store.expire(country.now, 10)
    await country.publish(event("r-9"))

    with pytest.raises(ResumeTokenExpired):
        await country.page(after=1)
    assert references(await country.page()) == ["r-9"]
    assert (await country.store.place(CENTRE)).expired_count == 2


async def test_who_is_not_known_reads_nothing():
    country = await published()
    stranger = replace(call(CENTRE), certificate=replace(call().certificate, public_key_sha256=""))

    with pytest.raises(OrganizationUnknown):
        await country.deliveries.list_waiting(stranger, None, 1)
    assert country.trail.turned_away == ["ORGANIZATION_UNKNOWN"]


def watch(country, after=None):
    return country.deliveries.watch(call(CENTRE, "WatchNotices"), after)


async def test_a_stream_brings_what_waits_then_what_comes():
    country = await published()
    pages = watch(country)

    first, second = await anext(pages), await anext(pages)
    coming = asyncio.ensure_future(anext(pages))
    await country.publish(event("r-2"))

    assert (first.heartbeat, references(second)) == (BOUNDS.heartbeat, ["r-1"])
    assert references(await coming) == ["r-2"]
    await pages.aclose()
    assert country.streams.open == 0


async def test_a_stream_goes_on_after_its_token():
    country = await published(2)
    pages = watch(country, after=1)
    await anext(pages)

    assert references(await anext(pages)) == ["r-2"]
    await pages.aclose()


async def test_a_silent_stream_says_that_it_lives():
    country = await published(bounds=replace(BOUNDS, heartbeat=timedelta(milliseconds=1)))
    pages = watch(country, after=1)
    await anext(pages)

    assert (await anext(pages)).deliveries == ()
    await pages.aclose()


async def test_a_stream_waits_for_acknowledgements_beyond_its_bound_and_says_so():
    country = await published(4)
    pages = watch(country)
    await anext(pages)

    page, full = await anext(pages), await anext(pages)
    coming = asyncio.ensure_future(anext(pages))
    ids = {one.waiting.notice_id for one in page.deliveries}
    await country.deliveries.acknowledge(call(CENTRE, "AcknowledgeNotices"), ids)

    assert len(page.deliveries) == BOUNDS.unacknowledged
    assert (full.waits, full.deliveries) == (True, ())
    assert references(await coming) == ["r-4"]
    await pages.aclose()


async def test_who_lists_by_page_reads_that_streams_wait_for_him():
    country = await published(4)

    two, all_four = await country.page(most=2), await country.page()

    assert (two.unacknowledged, two.waits) == (2, False)
    assert (all_four.unacknowledged, all_four.waits) == (3, True)
    halted = []
    await Halts(country.store, BOUNDS.unacknowledged, halted.append).step()
    await Halts(country.store, 5, halted.append).step()
    assert halted == [2, 0]


async def test_a_stream_ends_by_itself_with_a_reason():
    country = await published(bounds=replace(BOUNDS, life=timedelta(0)))
    pages = watch(country)
    await anext(pages)

    with pytest.raises(StreamEnded):
        await anext(pages)


async def test_a_stream_ends_when_its_process_stops():
    country = await published()
    pages = watch(country, after=1)
    await anext(pages)
    coming = asyncio.ensure_future(anext(pages))
    await asyncio.sleep(0)

    country.streams.end()

    with pytest.raises(StreamEnded):
        await coming


async def test_a_key_that_is_withdrawn_ends_its_stream():
    country = await published()
    pages = watch(country)
    await anext(pages)
    left = {
        number: one
        for number, one in country.catalogues.catalogue.organizations.items()
        if number != CENTRE
    }
    country.catalogues.catalogue = replace(country.catalogues.catalogue, organizations=left)

    with pytest.raises(OrganizationUnknown):
        await anext(pages)


async def test_no_more_streams_are_open_than_the_bound():
    country = await published(bounds=replace(BOUNDS, watches=1))
    pages = watch(country)
    await anext(pages)

    with pytest.raises(WatchesSpent):
        await anext(watch(country))
    await pages.aclose()

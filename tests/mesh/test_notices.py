"""A household changes: the National Register publishes it, and a welfare centre that subscribed is
told, through the edge, with its trail."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.data.v1 import family_composition_pb2 as data_pb
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import subscription_pb2
from cbss.routing.v1 import notice_pb2
from cbss.routing.v1 import notice_service_pb2 as pb
from cbss.routing.v1 import notice_service_pb2_grpc as rpc
from google.type import date_pb2

from sandbox.organizations import organizations
from services.kit.clock import utc_now
from tests.mesh.asking import DISABLED, NOBODY, outcome, reason
from tests.mesh.test_registrations import call, years

PURPOSE = "PCSW:HOUSEHOLD_CHANGES"
MEMBER = "89672220419"


def information(who):
    """The block that says who calls."""
    customer = organization_pb2.Organization(cbe_number=organizations()[who].cbe_number)
    return information_pb2.InformationCustomer(
        ticket=str(uuid4()), customer_identification=customer
    )


@asynccontextmanager
async def pushing(mesh, who):
    """The service of notices as an institution calls it."""
    async with mesh.institution(who).channel() as channel:
        yield rpc.NoticeServiceStub(channel)


@pytest_asyncio.fixture(loop_scope="session")
async def subscribed(mesh):
    """A centre that is told of the members of households, until the end of the test."""
    asked = {"information_customer": information("pcsw-ghent"), "legal_context": PURPOSE}
    wish = subscription_pb2.SubscriptionWish(
        data_contract="FAMILY_COMPOSITION",
        quality_codes=["002"],
        fields=["members.ssin"],
        mode=subscription_pb2.DELIVERY_MODE_STREAM,
        period=years(2026, 2099),
    )
    answer = await call(mesh, "Subscribe", directory_pb.SubscribeRequest(**asked, wish=wish))
    key = answer.subscription.subscription_id
    yield key
    await end(mesh, key)


async def end(mesh, key):
    """End a subscription before today."""
    asked = {"information_customer": information("pcsw-ghent"), "legal_context": PURPOSE}
    day = date_pb2.Date(year=2026, month=1, day=1)
    request = directory_pb.UnsubscribeRequest(**asked, subscription_id=key, last_day=day)
    await call(mesh, "Unsubscribe", request)


def publication(*events, who="rrn"):
    return pb.PublishRequest(
        information_customer=information(who), data_contract="FAMILY_COMPOSITION", events=events
    )


def moved_in(ssin=DISABLED, **changes):
    """Somebody moved in with a person."""
    event = notice_pb2.Event(
        reference=f"rn-{uuid4().hex[:20]}",
        kind=notice_pb2.EVENT_KIND_ORIGINAL,
        ssin=ssin,
        event_type="R140",
        **changes,
    )
    event.occurred_at.FromDatetime(utc_now().replace(tzinfo=None))
    household = data_pb.FamilyComposition(reference_person_ssin=ssin)
    household.members.add(ssin=MEMBER, position_code="12")
    event.data.Pack(household)
    return event


async def publish(mesh, *events, who="rrn"):
    async with pushing(mesh, who) as notices:
        return await notices.Publish(publication(*events, who=who), timeout=5)


async def listed(mesh, token=""):
    async with pushing(mesh, "pcsw-ghent") as notices:
        request = pb.ListNoticesRequest(
            information_customer=information("pcsw-ghent"), resume_token=token
        )
        return await notices.ListNotices(request, timeout=5)


async def acknowledge(mesh, *keys):
    async with pushing(mesh, "pcsw-ghent") as notices:
        request = pb.AcknowledgeNoticesRequest(
            information_customer=information("pcsw-ghent"), notice_ids=keys
        )
        return (await notices.AcknowledgeNotices(request, timeout=5)).acknowledged_count


async def test_a_change_reaches_a_watcher_cut_to_what_it_may_have_and_the_trail_has_it(
    mesh, trail, subscribed
):
    async with pushing(mesh, "pcsw-ghent") as notices:
        stream = notices.WatchNotices(
            pb.WatchNoticesRequest(information_customer=information("pcsw-ghent"))
        )
        first = await stream.read()
        event = moved_in()
        published = await publish(mesh, event)
        message = await stream.read()
        stream.cancel()

    (told,) = published.events
    assert outcome(told) == "DATA_FOUND MSG00000"
    assert [one.quality_code for one in told.addressees] == ["002"]
    assert first.heartbeat_interval.seconds > 0
    (notice,) = message.notices
    assert (notice.reference, notice.ssin) == (event.reference, DISABLED)
    household = data_pb.FamilyComposition()
    assert notice.data.Unpack(household)
    assert [one.ssin for one in household.members] == [MEMBER]
    assert (household.reference_person_ssin, household.members[0].position_code) == ("", "")
    assert "reference_person_ssin" in notice.data_filters.filtered_elements
    assert await trail.stages(published.information_cbss.ticket_cbss) == ["ACT"]
    assert await trail.stages(notice.ticket_cbss) == ["PUSH"]
    assert await acknowledge(mesh, notice.notice_id) == 1


async def test_a_repeat_has_one_effect_and_what_waits_survives_every_process(mesh, subscribed):
    event = moved_in()
    first = await publish(mesh, event)
    again = await publish(mesh, event)

    for name in ("notices", "directory", "postgres"):
        await mesh.stop(name, kill=True)
        await mesh.start(name)
    await until_listed(mesh, event.reference)
    page = await listed(mesh)

    assert again.events[0].repeated_event
    assert list(again.events[0].addressees) == list(first.events[0].addressees)
    assert [one.reference for one in page.notices] == [event.reference]
    assert await acknowledge(mesh, page.notices[0].notice_id) == 1
    assert not (await listed(mesh)).notices


async def until_listed(mesh, reference):
    """Wait until notices are listed again."""
    for _ in range(300):
        try:
            if any(one.reference == reference for one in (await listed(mesh)).notices):
                return
        except grpc.aio.AioRpcError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError


async def to_the_end(stream):
    """Read what a stream brings."""
    while await stream.read() is not grpc.aio.EOF:
        pass


async def test_what_is_queued_stops_with_its_subscription(mesh, subscribed):
    event = moved_in()
    await publish(mesh, event)
    await end(mesh, subscribed)

    assert event.reference not in [one.reference for one in (await listed(mesh)).notices]


async def test_who_is_no_source_or_knows_nobody_publishes_nothing(mesh, trail, subscribed):
    place = await trail.last()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await publish(mesh, moved_in(), who="pcsw-ghent")
    unknown = await publish(mesh, moved_in(NOBODY))

    assert reason(refused.value) == "NO_SOURCE"
    assert "NO_SOURCE" in await trail.reasons_since(place)
    assert outcome(unknown.events[0]) == "NO_RESULT MSG00005"


async def test_a_watcher_is_told_to_resume_when_its_process_stops(mesh, subscribed):
    async with pushing(mesh, "pcsw-ghent") as notices:
        stream = notices.WatchNotices(
            pb.WatchNoticesRequest(information_customer=information("pcsw-ghent"))
        )
        await stream.read()
        stopping = asyncio.create_task(mesh.stop("notices"))
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await to_the_end(stream)
        await stopping
        await mesh.start("notices")

    assert reason(ended.value) == "STREAM_ENDED"

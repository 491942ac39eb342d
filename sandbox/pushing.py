"""The steps of the story in which somebody is told unasked: a source publishes to a subscriber that
watches, and messages that want an answer get one, or none in time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cbss.common.v1 import information_pb2, organization_pb2
from cbss.data.v1 import family_composition_pb2, social_notification_pb2
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.directory.v1 import subscription_pb2
from cbss.routing.v1 import notice_pb2, submission_pb2
from cbss.routing.v1 import notice_service_pb2 as notice_pb
from cbss.routing.v1 import notice_service_pb2_grpc as notice_rpc
from cbss.routing.v1 import submission_service_pb2 as submission_service_pb
from cbss.routing.v1 import submission_service_pb2_grpc as submission_rpc
from google.type import date_pb2

from sandbox.country import Country
from sandbox.steps import Told, outcome_of

MOTHER, MOVED_IN = "89672220419", "71713000318"
OWNER = "90651803128"
CENTRE, HOUSEHOLDS = "pcsw-ghent", "PCSW:HOUSEHOLD_CHANGES"
COLLECTOR, NOTIFICATIONS = "nsso", "NSSO:SOCIAL_NOTIFICATION"
PATIENCE = 20.0
"""Seconds that anything here may take."""
SHORT = timedelta(seconds=2)
"""In which nobody answers."""


async def told_unasked(country: Country) -> Told:
    """The National Register publishes that somebody moved in; a welfare centre is watching."""
    async with (
        _subscription(country, CENTRE, "FAMILY_COMPOSITION", HOUSEHOLDS, "002", ["members.ssin"]),
        country.institution(CENTRE).channel() as channel,
    ):
        notices = notice_rpc.NoticeServiceStub(channel)
        information = _information(country, CENTRE)
        stream = notices.WatchNotices(
            notice_pb.WatchNoticesRequest(information_customer=information)
        )
        try:
            async with asyncio.timeout(PATIENCE):
                await stream.read()
                event = _moved_in()
                published = await _publish(country, event)
                notice = await _watched(stream, event.reference)
        finally:
            stream.cancel()
        asked = notice_pb.AcknowledgeNoticesRequest(
            information_customer=information, notice_ids=[notice.notice_id]
        )
        await notices.AcknowledgeNotices(asked, timeout=PATIENCE)
    cut = ", ".join(notice.data_filters.filtered_elements)
    return Told(outcome_of(published.status), [f"told at once, without {cut}", "acknowledged"])


async def notified_and_answered(country: Country) -> Told:
    """A notary notifies a sale; the office that collects contributions says what is due."""
    async with _collecting(country):
        reference = await _notify(country, timedelta(days=12))
        notice = await _notice(country, reference)
        answer = submission_service_pb.AnswerSubmissionRequest(
            information_customer=_information(country, COLLECTOR),
            notice_id=notice.notice_id,
            disposition=submission_pb2.DISPOSITION_ACCEPTED,
            file_reference="claim-2026-4",
        )
        await _call(country, COLLECTOR, submission_rpc.SubmissionServiceStub, answer)
        return Told(*await _answered(country, reference))


async def notified_in_vain(country: Country) -> Told:
    """Another sale is notified, and nobody answers by the date."""
    async with _collecting(country):
        reference = await _notify(country, SHORT)
        await asyncio.sleep(SHORT.total_seconds())
        return Told(*await _answered(country, reference))


async def _watched(stream: Any, reference: str) -> notice_pb2.Notice:
    """The notice of an event, once it comes."""
    while True:
        message = await stream.read()
        for one in message.notices:
            if one.reference == reference:
                found: notice_pb2.Notice = one
                return found


def _moved_in() -> notice_pb2.Event:
    event = notice_pb2.Event(
        reference=f"rn-{uuid4().hex[:20]}",
        kind=notice_pb2.EVENT_KIND_ORIGINAL,
        ssin=MOTHER,
        event_type="R140",
    )
    event.occurred_at.FromDatetime(datetime.now(UTC))
    household = family_composition_pb2.FamilyComposition(reference_person_ssin=MOTHER)
    household.members.add(ssin=MOVED_IN, position_code="12")
    event.data.Pack(household)
    return event


async def _publish(country: Country, event: notice_pb2.Event) -> notice_pb2.PublishedEvent:
    request = notice_pb.PublishRequest(
        information_customer=_information(country, "rrn"),
        data_contract="FAMILY_COMPOSITION",
        events=[event],
    )
    response = await _call(country, "rrn", notice_rpc.NoticeServiceStub, request)
    published: notice_pb2.PublishedEvent
    (published,) = response.events
    return published


@asynccontextmanager
async def _subscription(
    country: Country, who: str, contract: str, purpose: str, quality: str, fields: Sequence[str]
) -> AsyncIterator[None]:
    """Somebody is told of a contract, until the end of the block."""
    wish = subscription_pb2.SubscriptionWish(
        data_contract=contract,
        quality_codes=[quality],
        fields=fields,
        mode=subscription_pb2.DELIVERY_MODE_STREAM,
    )
    wish.period.begin_date.CopyFrom(date_pb2.Date(year=2026, month=1, day=1))
    stub = directory_rpc.DirectoryServiceStub
    asked = directory_pb.SubscribeRequest(
        information_customer=_information(country, who), legal_context=purpose, wish=wish
    )
    given = await _call(country, who, stub, asked)
    try:
        yield
    finally:
        ended = directory_pb.UnsubscribeRequest(
            information_customer=_information(country, who),
            legal_context=purpose,
            subscription_id=given.subscription.subscription_id,
            last_day=date_pb2.Date(year=2026, month=1, day=1),
        )
        await _call(country, who, stub, ended)


def _collecting(country: Country) -> Any:
    fields = ["ssin", "act", "act_date", "office_file_reference"]
    return _subscription(country, COLLECTOR, "SOCIAL_NOTIFICATION", NOTIFICATIONS, "010", fields)


async def _notify(country: Country, wait: timedelta) -> str:
    """A notary notifies a sale; the reference of the message."""
    data = social_notification_pb2.SocialNotification(
        ssin=OWNER,
        act=social_notification_pb2.NOTIFIED_ACT_SALE,
        act_date=date_pb2.Date(year=2027, month=1, day=15),
        office_file_reference="2026-117",
    )
    submission = submission_pb2.Submission(reference=f"sn-{uuid4().hex[:20]}", ssin=OWNER)
    submission.reply_by.FromDatetime(datetime.now(UTC) + wait)
    submission.data.Pack(data)
    request = submission_service_pb.SubmitMessageRequest(
        information_customer=_information(country, "notaries"),
        data_contract="SOCIAL_NOTIFICATION",
        submission=submission,
    )
    await _call(country, "notaries", submission_rpc.SubmissionServiceStub, request)
    reference: str = submission.reference
    return reference


async def _notice(country: Country, reference: str) -> notice_pb2.Notice:
    """The notice in which a message waits."""
    request = notice_pb.ListNoticesRequest(
        information_customer=_information(country, COLLECTOR), page_size=1000
    )
    listed = await _call(country, COLLECTOR, notice_rpc.NoticeServiceStub, request)
    found: notice_pb2.Notice
    (found,) = [one for one in listed.notices if one.reference == reference]
    return found


async def _answered(country: Country, reference: str) -> tuple[str, list[str]]:
    """How far the one addressee of a message is, and what it said."""
    request = submission_service_pb.ListAnswersRequest(
        information_customer=_information(country, "notaries"), reference=reference
    )
    listed = await _call(country, "notaries", submission_rpc.SubmissionServiceStub, request)
    (one,) = listed.answers
    said = submission_pb2.Disposition.Name(one.disposition).removeprefix("DISPOSITION_").lower()
    state = submission_pb2.AnswerState.Name(one.state).removeprefix("ANSWER_STATE_")
    return state, [f"{said}, file {one.file_reference}"] if one.file_reference else []


def _information(country: Country, who: str) -> information_pb2.InformationCustomer:
    number = country.institution(who).cbe_number
    customer = organization_pb2.Organization(cbe_number=number)
    return information_pb2.InformationCustomer(
        ticket=str(uuid4()), customer_identification=customer
    )


async def _call(country: Country, who: str, stub: Any, request: Any) -> Any:
    """What is answered to a request, which names its RPC."""
    method = type(request).__name__.removesuffix("Request")
    async with country.institution(who).channel() as channel:
        return await getattr(stub(channel), method)(request, timeout=PATIENCE)

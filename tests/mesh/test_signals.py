"""What is told unasked and answered: a worker who is absent for more than four weeks, an act before
its price is paid out; each to who has to know, and to nobody else."""

from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import grpc
import pytest
from cbss.data.v1 import incapacity_signal_pb2, social_notification_pb2
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.directory.v1 import subscription_pb2
from cbss.routing.v1 import notice_service_pb2 as notice_pb
from cbss.routing.v1 import notice_service_pb2_grpc as notice_rpc
from cbss.routing.v1 import submission_pb2
from cbss.routing.v1 import submission_service_pb2 as pb
from cbss.routing.v1 import submission_service_pb2_grpc as rpc
from google.type import date_pb2

from services.kit.clock import utc_now
from tests.mesh.asking import outcome, reason
from tests.mesh.test_notices import information
from tests.mesh.test_registrations import years
from tests.support.waiting import until

WORKER = "90651803128"
"""An employee; the health insurance and a notary have a file on him."""
SIGNAL = incapacity_signal_pb2.IncapacitySignal(
    ssin=WORKER,
    employer_cbe_number="0899991833",
    begin_date=date_pb2.Date(year=2026, month=10, day=20),
    four_weeks_date=date_pb2.Date(year=2026, month=11, day=17),
)
NOTIFICATION = social_notification_pb2.SocialNotification(
    ssin=WORKER,
    act=social_notification_pb2.NOTIFIED_ACT_SALE,
    act_date=date_pb2.Date(year=2026, month=12, day=18),
    office_file_reference="2026-117",
    office_cbe_number="0899992130",
    office_iban="BE00000000000000",
)


async def call(mesh, who, stub, method, request):
    async with mesh.institution(who).channel() as channel:
        return await getattr(stub(channel), method)(request, timeout=10)


@asynccontextmanager
async def subscription(mesh, contract, purpose, fields):
    """Who collects contributions is told under a purpose, until the end of the block."""
    wish = subscription_pb2.SubscriptionWish(
        data_contract=contract,
        quality_codes=["010", "030"],
        fields=fields,
        mode=subscription_pb2.DELIVERY_MODE_QUEUE,
        period=years(2026, 2099),
    )
    stub = directory_rpc.DirectoryServiceStub
    asked = directory_pb.SubscribeRequest(
        information_customer=information("nsso"), legal_context=purpose, wish=wish
    )
    given = await call(mesh, "nsso", stub, "Subscribe", asked)
    assert outcome(given) == "DATA_FOUND MSG00000"
    try:
        yield
    finally:
        ended = directory_pb.UnsubscribeRequest(
            information_customer=information("nsso"),
            legal_context=purpose,
            subscription_id=given.subscription.subscription_id,
            last_day=date_pb2.Date(year=2026, month=1, day=1),
        )
        await call(mesh, "nsso", stub, "Unsubscribe", ended)


def message_of(data):
    """A message that wants an answer, to everybody who subscribed and knows the person."""
    submission = submission_pb2.Submission(reference=f"s-{uuid4().hex[:20]}", ssin=WORKER)
    submission.reply_by.FromDatetime((utc_now() + timedelta(days=12)).replace(tzinfo=None))
    submission.data.Pack(data)
    return submission


async def submit(mesh, who, contract, submission):
    request = pb.SubmitMessageRequest(
        information_customer=information(who), data_contract=contract, submission=submission
    )
    return await call(mesh, who, rpc.SubmissionServiceStub, "SubmitMessage", request)


async def notice_of(mesh, reference):
    """The notice of a message, once it waits for who collects contributions."""
    found = []

    async def came():
        request = notice_pb.ListNoticesRequest(information_customer=information("nsso"))
        listed = await call(mesh, "nsso", notice_rpc.NoticeServiceStub, "ListNotices", request)
        found[:] = [one for one in listed.notices if one.reference == reference]
        return bool(found)

    await until(came)
    return found[0]


@pytest.mark.parametrize(
    ("sender", "contract", "purpose", "data", "fields"),
    [
        (
            *("nic", "INCAPACITY_SIGNAL", "NSSO:INCAPACITY_SIGNALS", SIGNAL),
            ["ssin", "employer_cbe_number", "four_weeks_date"],
        ),
        (
            *("notaries", "SOCIAL_NOTIFICATION", "NSSO:SOCIAL_NOTIFICATION", NOTIFICATION),
            ["ssin", "act", "act_date", "office_file_reference", "office_iban"],
        ),
    ],
)
async def test_who_has_to_know_is_told_cut_and_answers_once(
    mesh, trail, sender, contract, purpose, data, fields
):
    async with subscription(mesh, contract, purpose, fields):
        submission = message_of(data)
        sent = await submit(mesh, sender, contract, submission)
        notice = await notice_of(mesh, submission.reference)
        answer = pb.AnswerSubmissionRequest(
            information_customer=information("nsso"),
            notice_id=notice.notice_id,
            disposition=submission_pb2.DISPOSITION_ACCEPTED,
            file_reference="nsso-4",
        )
        await call(mesh, "nsso", rpc.SubmissionServiceStub, "AnswerSubmission", answer)
        asked = pb.ListAnswersRequest(
            information_customer=information(sender), reference=submission.reference
        )
        listed = await call(mesh, sender, rpc.SubmissionServiceStub, "ListAnswers", asked)

    told = type(data)()
    assert outcome(sent.outcome) == "DATA_FOUND MSG00000"
    assert notice.data.Unpack(told)
    assert {field.name for field, _ in told.ListFields()} == set(fields)
    assert [(one.state, one.file_reference) for one in listed.answers] == [
        (submission_pb2.ANSWER_STATE_ANSWERED, "nsso-4")
    ]
    assert await trail.stages(notice.ticket_cbss) == ["PUSH"]


async def test_who_has_no_such_task_tells_nothing_of_that_kind(mesh):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await submit(mesh, "transport", "SOCIAL_NOTIFICATION", message_of(NOTIFICATION))

    assert reason(refused.value) == "NO_SOURCE"

"""A welfare centre asks to deduct from an allowance what it advanced on it; the institution that
pays it answers, once, and who does not answer by the date is told."""

from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from cbss.data.v1 import deduction_pb2 as data_pb
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.directory.v1 import subscription_pb2
from cbss.routing.v1 import notice_service_pb2 as notice_pb
from cbss.routing.v1 import notice_service_pb2_grpc as notice_rpc
from cbss.routing.v1 import submission_pb2
from cbss.routing.v1 import submission_service_pb2 as pb
from cbss.routing.v1 import submission_service_pb2_grpc as rpc
from google.type import date_pb2

from sandbox.organizations import organizations
from services.kit.clock import utc_now
from tests.mesh.asking import DISABLED, outcome, reason
from tests.mesh.test_notices import information
from tests.mesh.test_registrations import years
from tests.support.waiting import until

PURPOSE = "DGPH:DEDUCTIONS"


@asynccontextmanager
async def calling(mesh, who, stub=rpc.SubmissionServiceStub):
    """A service as an institution calls it."""
    async with mesh.institution(who).channel() as channel:
        yield stub(channel)


async def directory(mesh, method, asked):
    async with calling(mesh, "dgph", directory_rpc.DirectoryServiceStub) as stub:
        return await getattr(stub, method)(asked, timeout=5)


async def listed(mesh):
    """What waits for the institution that pays."""
    async with calling(mesh, "dgph", notice_rpc.NoticeServiceStub) as stub:
        asked = notice_pb.ListNoticesRequest(information_customer=information("dgph"))
        return (await stub.ListNotices(asked, timeout=5)).notices


async def notice_of(mesh, reference):
    """The notice in which a message waits."""
    (notice,) = [one for one in await listed(mesh) if one.reference == reference]
    return notice


async def serves(mesh):
    """Whether what is needed answers: what ran before may have stopped some."""
    try:
        await listed(mesh)
        await directory(
            mesh,
            "ListSubscriptions",
            directory_pb.ListSubscriptionsRequest(
                information_customer=information("dgph"), legal_context=PURPOSE
            ),
        )
    except grpc.aio.AioRpcError:
        return False
    return True


@asynccontextmanager
async def subscription(mesh):
    """The institution that pays takes such messages, until the end of the block."""
    await until(lambda: serves(mesh))
    wish = subscription_pb2.SubscriptionWish(
        data_contract="E_DEDUCTION",
        quality_codes=["001", "002", "003", "005", "007"],
        fields=["ssin", "claim_reference", "amount_eurocents", "from_date"],
        mode=subscription_pb2.DELIVERY_MODE_QUEUE,
        period=years(2026, 2099),
    )
    head = {"information_customer": information("dgph"), "legal_context": PURPOSE}
    given = await directory(mesh, "Subscribe", directory_pb.SubscribeRequest(**head, wish=wish))
    assert outcome(given) == "DATA_FOUND MSG00000"
    yield
    head["information_customer"] = information("dgph")
    ended = directory_pb.UnsubscribeRequest(
        **head,
        subscription_id=given.subscription.subscription_id,
        last_day=date_pb2.Date(year=2026, month=1, day=1),
    )
    await directory(mesh, "Unsubscribe", ended)


@pytest_asyncio.fixture(loop_scope="session")
async def subscribed(mesh):
    """The institution that pays takes such messages, until the end of the test."""
    async with subscription(mesh):
        yield


def claim(reference, wait=timedelta(days=5), **changes):
    """A message that asks to deduct a claim."""
    submission = submission_pb2.Submission(
        reference=reference,
        ssin=DISABLED,
        addressee_cbe_numbers=[organizations()["dgph"].cbe_number],
        **changes,
    )
    submission.reply_by.FromDatetime((utc_now() + wait).replace(tzinfo=None))
    submission.data.Pack(
        data_pb.DeductionRequest(
            ssin=DISABLED,
            claim_reference="claim-1",
            ground=data_pb.DEDUCTION_GROUND_ADVANCE,
            amount_eurocents=125_000,
            from_date=date_pb2.Date(year=2026, month=12, day=1),
            creditor_iban="BE00000000000000",
        )
    )
    return submission


async def submit(mesh, submission, who="pcsw-ghent"):
    request = pb.SubmitMessageRequest(
        information_customer=information(who), data_contract="E_DEDUCTION", submission=submission
    )
    async with calling(mesh, who) as stub:
        return await stub.SubmitMessage(request, timeout=5)


async def answer(mesh, notice_id, disposition, who="dgph"):
    request = pb.AnswerSubmissionRequest(
        information_customer=information(who),
        notice_id=notice_id,
        disposition=disposition,
        file_reference="file-7",
    )
    async with calling(mesh, who) as stub:
        return await stub.AnswerSubmission(request, timeout=5)


async def answers(mesh, reference, who="pcsw-ghent"):
    request = pb.ListAnswersRequest(information_customer=information(who), reference=reference)
    async with calling(mesh, who) as stub:
        return await stub.ListAnswers(request, timeout=5)


async def test_a_message_is_found_among_notices_cut_and_answered_once(mesh, trail, subscribed):
    reference = f"d-{uuid4().hex[:20]}"
    submission = claim(reference)
    sent = await submit(mesh, submission)
    assert outcome(sent.outcome) == "DATA_FOUND MSG00000"
    assert [one.notice_id != "" for one in sent.outcome.addressees] == [True], sent
    again = await submit(mesh, submission)
    notice = await notice_of(mesh, reference)
    before = await answers(mesh, reference)

    said = await answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_ACCEPTED)
    await answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_ACCEPTED)
    with pytest.raises(grpc.aio.AioRpcError) as otherwise:
        await answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_REJECTED)
    (one,) = (await answers(mesh, reference)).answers

    assert again.outcome.repeated_event
    assert list(again.outcome.addressees) == list(sent.outcome.addressees)
    assert notice.reply_by == submission.reply_by
    content = data_pb.DeductionRequest()
    assert notice.data.Unpack(content)
    assert (content.amount_eurocents, content.creditor_iban) == (125_000, "")
    assert [told.state for told in before.answers] == [submission_pb2.ANSWER_STATE_WAITING]
    assert reason(otherwise.value) == "ANSWERED_OTHERWISE"
    assert (one.state, one.disposition, one.file_reference) == (
        submission_pb2.ANSWER_STATE_ANSWERED,
        submission_pb2.DISPOSITION_ACCEPTED,
        "file-7",
    )
    assert reference not in [told.reference for told in await listed(mesh)]
    for answered, stage in ((sent, "ACT"), (said, "ACT"), (before, "OUTCOME")):
        assert await trail.stages(answered.information_cbss.ticket_cbss) == [stage]
    assert await trail.stages(notice.ticket_cbss) == ["PUSH"]


async def test_who_does_not_answer_by_the_date_is_told_and_may_not_any_more(mesh, subscribed):
    reference = f"d-{uuid4().hex[:20]}"
    await submit(mesh, claim(reference, timedelta(seconds=4)))
    notice = await notice_of(mesh, reference)

    async def over():
        (one,) = (await answers(mesh, reference)).answers
        return one.state == submission_pb2.ANSWER_STATE_UNANSWERED

    await until(over)
    with pytest.raises(grpc.aio.AioRpcError) as late:
        await answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_ACCEPTED)

    assert reason(late.value) == "REPLY_TOO_LATE"
    assert reference not in [told.reference for told in await listed(mesh)]


async def test_who_may_not_send_or_answer_does_neither(mesh, subscribed):
    reference = f"d-{uuid4().hex[:20]}"
    await submit(mesh, claim(reference))
    notice = await notice_of(mesh, reference)
    refused = []
    for wrong in (
        submit(mesh, claim(reference), who="rrn"),
        answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_ACCEPTED, who="rrn"),
        answers(mesh, reference, who="rrn"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as told:
            await wrong
        refused.append(reason(told.value))

    assert refused == ["NO_SOURCE", "SUBMISSION_UNKNOWN", "SUBMISSION_UNKNOWN"]
    await answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_NOT_CONCERNED)

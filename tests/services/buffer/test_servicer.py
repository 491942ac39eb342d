"""The buffer over real mutual TLS, as a source and for the operator."""

import grpc
import pytest
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc
from cbss.data.v1 import social_status_pb2 as data_pb
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.kit.errors import PeerFailed
from tests.services.buffer.examples import TODAY


def question(ssin="71713000318", contract="SOCIAL_STATUS", *names):
    asked = supplier_pb.Question(data_contract=contract, contract_version=1, ssin=ssin)
    for day in (asked.period.begin_date, asked.period.end_date):
        day.year, day.month, day.day = TODAY.year, TODAY.month, TODAY.day
    if names:
        statuses = [data_pb.AskedSocialStatus(name=name) for name in names]
        asked.criteria.Pack(data_pb.SocialStatusCriteria(statuses=statuses))
    return asked


async def test_answers_each_question_with_yes_or_no_and_never_why(buffer):
    stub = supplier_rpc.SupplierServiceStub(await buffer.channel("routing"))
    asked = [
        question("71713000318", "SOCIAL_STATUS", "BIM_BVT", "LIVING_WAGES_PCSA_HELP"),
        question("99600000470"),
    ]

    known, unknown = (await stub.Answer(supplier_pb.AnswerRequest(questions=asked))).answers

    found = data_pb.SocialStatuses()
    assert known.data.Unpack(found)
    assert [(one.name, one.result) for one in found.statuses] == [
        ("BIM_BVT", data_pb.SOCIAL_STATUS_RESULT_APPLIES),
        ("LIVING_WAGES_PCSA_HELP", data_pb.SOCIAL_STATUS_RESULT_DOES_NOT_APPLY),
    ]
    assert (known.status.code, known.ssin.ssin) == ("MSG00000", "71713000318")
    assert known.information_supplier.supplier_identification.sector_institution.sector == 25
    assert (unknown.status.code, unknown.HasField("data")) == ("MSG00100", False)


async def test_lists_feeds_page_by_page_to_the_operator(buffer):
    stub = rpc.BufferServiceStub(await buffer.channel("operator"))

    first = await stub.ListFeeds(pb.ListFeedsRequest(page_size=1))
    rest = await stub.ListFeeds(pb.ListFeedsRequest(page_token=first.next_page_token))

    assert [feed.fact_type for feed in (*first.feeds, *rest.feeds)] == ["BIM_HOLDER", "RIS"]
    assert rest.next_page_token == ""


@pytest.mark.parametrize("stranger", ["gateway", "access"])
async def test_refuses_who_is_not_listed(buffer, stranger):
    channel = await buffer.channel(stranger)

    for call in (
        rpc.BufferServiceStub(channel).ListFeeds(pb.ListFeedsRequest()),
        supplier_rpc.SupplierServiceStub(channel).Answer(
            supplier_pb.AnswerRequest(questions=[question()])
        ),
    ):
        with pytest.raises(PeerFailed) as refused:
            await call
        assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [question()] * 257,
        [question("71713000319")],
        [question("71713000318", "HANDICAP")],
        [supplier_pb.Question(data_contract="SOCIAL_STATUS", ssin="71713000318")],
        [question("71713000318", "SOCIAL_STATUS", *map(str, range(9)))],
    ],
)
async def test_refuses_what_makes_no_sense(buffer, authority, questions):
    raw = supplier_rpc.SupplierServiceStub(await buffer.raw(authority.workload("routing")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.Answer(supplier_pb.AnswerRequest(questions=questions))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(
    "request_", [pb.ListFeedsRequest(page_size=-1), pb.ListFeedsRequest(page_token="x")]
)
async def test_refuses_a_page_that_makes_no_sense(buffer, authority, request_):
    raw = rpc.BufferServiceStub(await buffer.raw(authority.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ListFeeds(request_)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT

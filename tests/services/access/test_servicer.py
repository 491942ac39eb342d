"""Access over real mutual TLS."""

from datetime import timedelta

import grpc
import pytest
from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc
from cbss.common.v1 import organization_pb2, period_pb2
from google.type import date_pb2

from services.access.callers import CALLERS
from services.access.servicer import AccessServicer
from services.access.usecases import Access, Callers
from services.access.wire.decisions import Travelling
from services.concepts.enterprise_number import parse_enterprise_number
from services.kit.errors import PeerFailed
from services.kit.server import Service
from tests.support.deliberations import (
    CENTRE,
    NOON,
    ON_TODAY,
    TODAY,
    FakeStore,
    deliberation,
    organization,
)
from tests.support.server import served

MANAGER = parse_enterprise_number("0899990249")
DAY = date_pb2.Date(year=TODAY.year, month=TODAY.month, day=TODAY.day)


@pytest.fixture
async def access(tmp_path, authority):
    store = FakeStore()
    organizations = [organization(), organization(MANAGER, manages=[CENTRE])]
    await store.enact([deliberation()])
    kept = Access(
        store, lambda: NOON, maximum_age=timedelta(minutes=1), interval=timedelta(seconds=5)
    )
    await kept.refresh()
    service = Service(
        rpc.add_AccessServiceServicer_to_server,
        AccessServicer(
            kept,
            Callers(lambda: {one.cbe_number: one for one in organizations}),
            lambda: ON_TODAY,
            Travelling(),
        ),
        pb.DESCRIPTOR.services_by_name["AccessService"],
    )
    only = {rpc: who for rpc, who in CALLERS.items() if "/Check" in rpc}
    async with served(tmp_path, authority, [service], only, name="access") as running:
        yield running


def asked(**changed):
    return pb.AccessQuestion(
        **{
            "customer_cbe_number": CENTRE.digits,
            "customer_sector_institution": organization_pb2.SectorInstitution(
                sector=17, institution=1
            ),
            "legal_context": "PCSW:TRIAL",
            "data_contract": "TRIAL",
            "contract_version": 1,
            "period": period_pb2.Period(begin_date=DAY, end_date=DAY),
            "mode": pb.EXCHANGE_MODE_ONLINE,
            **changed,
        }
    )


async def test_grants_under_obligations_and_refuses_with_the_reason(access):
    stub = rpc.AccessServiceStub(await access.channel("routing"))

    answer = await stub.CheckAccess(
        pb.CheckAccessRequest(questions=[asked(), asked(data_contract="NOTHING")])
    )

    granted, refused = answer.decisions
    assert granted.granted.deliberation_number == "IVC/KSZG/98/001"
    assert list(granted.granted.granted_fields) == ["rights"]
    assert list(granted.granted.quality_codes) == ["001", "002"]
    assert [(one.sector, one.institution) for one in granted.granted.senders] == [(16, 0), (16, 2)]
    assert granted.granted.hourly_quota == 100
    assert refused.refused.reason == pb.REFUSAL_REASON_DATA_NOT_COVERED
    assert refused.refused.deliberation_number == "IVC/KSZG/98/001"
    assert answer.snapshot_version


@pytest.mark.parametrize("stranger", ["gateway", "buffer"])
async def test_refuses_who_is_not_listed(access, stranger):
    stub = rpc.AccessServiceStub(await access.channel(stranger))

    with pytest.raises(PeerFailed) as refused:
        await stub.CheckAccess(pb.CheckAccessRequest(questions=[asked()]))

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [asked()] * 1001,
        [asked(customer_cbe_number="0899990151")],
        [asked(legal_context="")],
        [asked(data_contract="trial")],
        [asked(mode=pb.EXCHANGE_MODE_UNSPECIFIED)],
        [asked(period=period_pb2.Period())],
    ],
)
async def test_refuses_what_makes_no_sense(access, authority, questions):
    raw = rpc.AccessServiceStub(await access.raw(authority.workload("routing")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.CheckAccess(pb.CheckAccessRequest(questions=questions))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("times", [[1], [1, 2, 3], [0, 1], [1, 1_000_001]])
async def test_refuses_to_count_what_makes_no_sense(access, authority, times):
    raw = rpc.AccessServiceStub(await access.raw(authority.workload("routing")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.CheckAccess(pb.CheckAccessRequest(questions=[asked()] * 2, times=times))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def claimed(number=CENTRE.digits, key="a" * 64, **customer):
    request = pb.CheckCallerRequest(cbe_number=number, public_key_sha256=key)
    if customer:
        request.customer.CopyFrom(organization_pb2.Organization(**customer))
    return request


@pytest.mark.parametrize("workload", ["identification"])
async def test_says_who_is_calling_and_for_whom(access, workload):
    stub = rpc.AccessServiceStub(await access.channel(workload))

    itself = await stub.CheckCaller(claimed())
    other = await stub.CheckCaller(claimed(MANAGER.digits, cbe_number=CENTRE.digits))

    assert (itself.caller_cbe_number, itself.customer_cbe_number) == (CENTRE.digits,) * 2
    assert itself.customer_sector_institution.sector == 17
    assert (other.caller_cbe_number, other.customer_cbe_number) == (MANAGER.digits, CENTRE.digits)


@pytest.mark.parametrize("stranger", ["routing", "gateway", "directory"])
async def test_says_nothing_of_callers_to_who_is_not_listed(access, stranger):
    stub = rpc.AccessServiceStub(await access.channel(stranger))

    with pytest.raises(PeerFailed) as refused:
        await stub.CheckCaller(claimed())

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (claimed("0899991635"), grpc.StatusCode.UNAUTHENTICATED),
        (claimed(""), grpc.StatusCode.UNAUTHENTICATED),
        (claimed("nonsense"), grpc.StatusCode.UNAUTHENTICATED),
        (claimed(key="c" * 64), grpc.StatusCode.UNAUTHENTICATED),
        (claimed(cbe_number=MANAGER.digits), grpc.StatusCode.PERMISSION_DENIED),
        (claimed(cbe_number="0899990151"), grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
async def test_refuses_who_is_not_known_or_asks_for_a_stranger(access, authority, claim, code):
    raw = rpc.AccessServiceStub(await access.raw(authority.workload("identification")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.CheckCaller(claim)

    assert refused.value.code() is code

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
from services.access.usecases import Access
from services.kit.errors import PeerFailed
from services.kit.server import Service
from tests.support.deliberations import CENTRE, NOON, TODAY, FakeStore, deliberation
from tests.support.server import served

DAY = date_pb2.Date(year=TODAY.year, month=TODAY.month, day=TODAY.day)


@pytest.fixture
async def access(tmp_path, authority):
    store = FakeStore()
    await store.enact([deliberation()])
    kept = Access(
        store, lambda: NOON, maximum_age=timedelta(minutes=1), interval=timedelta(seconds=5)
    )
    await kept.refresh()
    service = Service(
        rpc.add_AccessServiceServicer_to_server,
        AccessServicer(kept, lambda: NOON),
        pb.DESCRIPTOR.services_by_name["AccessService"],
    )
    async with served(tmp_path, authority, [service], CALLERS, name="access") as running:
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


@pytest.mark.parametrize("stranger", ["gateway", "directory"])
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

"""What is or was known of a person, read by the operator and by nobody unseen."""

from datetime import UTC, datetime

import grpc
import pytest
from cbss.identification.v1 import history_pb2, origin_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2

from services.kit.errors import PeerUnavailable
from tests.services.identification.doors import listening, opened
from tests.services.identification.test_public import described, home, made
from tests.services.identification.test_registering import HIGH, LOW, day, outcomes


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


@pytest.fixture
async def running(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as served:
        yield served


@pytest.fixture
async def stubs(running):
    return [
        rpc.IdentificationServiceStub(await running.channel(workload))
        for workload in ("gateway", "operator")
    ]


def asking(ssin, **when):
    return history_pb2.ListPersonVersionsRequest(ssin=ssin, reason="a dispute", **when)


def numbers(answer):
    return [
        one.data.main_address.address.house_number
        for one in answer.versions
        if one.data.HasField("main_address")
    ]


async def test_tells_what_was_true_when_and_what_was_known_when(parts, stubs):
    gateway, operator = stubs
    ssin = await made(gateway, described(main_address=home("1", since=day(2010))))
    before = datetime.now(UTC)
    await outcomes(gateway, ssin, LOW, main_address=home("2", since=day(2020)))
    await outcomes(gateway, ssin, HIGH, main_address=home("3", since=day(2020)))
    now = date_pb2.Date(year=2026, month=1, day=1)

    everything = await operator.ListPersonVersions(asking(ssin))
    then = await operator.ListPersonVersions(asking(ssin, known_at=before, true_on=now))
    today = await operator.ListPersonVersions(asking(ssin, known_at=datetime.now(UTC), true_on=now))

    assert sorted(numbers(everything)) == ["1", "1", "2", "3"]
    assert (numbers(then), numbers(today)) == (["1"], ["3"])
    last = next(one for one in today.versions if one.data.HasField("main_address"))
    assert origin_pb2.Origin.Name(last.origin) == "ORIGIN_BCSS_KSZ"
    assert (last.proof_level, last.HasField("known_until")) == (3, False)
    read = {(one.reason, one.operator) for one in parts.trail.readings}
    assert (read, len(parts.trail.readings)) == ({("a dispute", "operator")}, 3)


async def test_shows_nothing_that_the_trail_does_not_have(parts, stubs):
    gateway, operator = stubs
    ssin = await made(gateway)
    parts.trail.away = True

    with pytest.raises(PeerUnavailable):
        await operator.ListPersonVersions(asking(ssin))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ssin": "71713000319", "reason": "a test"},
        {"ssin": "71713000318", "reason": "x"},
        {"ssin": "71713000318", "reason": "x" * 257},
        {"ssin": "71713000318", "reason": "a test", "true_on": date_pb2.Date(year=2026)},
    ],
)
async def test_refuses_what_makes_no_sense(running, authority, wrong):
    raw = rpc.IdentificationServiceStub(await running.raw(authority.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ListPersonVersions(history_pb2.ListPersonVersionsRequest(**wrong))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT

"""Identification over real mutual TLS."""

from datetime import date

import grpc
import pytest
from cbss.identification.v1 import enterprise_pb2
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.identification.callers import CALLERS
from services.identification.servicer import IdentificationServicer
from services.identification.usecases.enterprises import Enterprises
from services.identification.usecases.numbers import Identification
from services.identification.usecases.replacements import Replacements
from services.kit.errors import PeerFailed
from services.kit.server import Service
from tests.services.identification.examples import FakeReplacements, FakeStore
from tests.support.server import served


class FakeEnterprises:
    """Knows one enterprise that exists, and an establishment that has ceased."""

    async def states_of(self, numbers):
        known = {
            EnterpriseNumber(899990150): ResolvedEnterprise(EnterpriseState.ACTIVE),
            EstablishmentNumber(2999999073): ResolvedEnterprise(
                EnterpriseState.CEASED, date(2026, 4, 30), EnterpriseNumber(899990150)
            ),
        }
        return {one: known[one] for one in numbers if one in known}


@pytest.fixture
async def identification(tmp_path, authority):
    service = Service(
        rpc.add_IdentificationServiceServicer_to_server,
        IdentificationServicer(
            Identification(FakeStore(), knows_mock_numbers=True),
            Replacements(FakeReplacements()),
            None,
            None,
            Enterprises(None, FakeEnterprises()),
            *[None] * 4,
        ),
        pb.DESCRIPTOR.services_by_name["IdentificationService"],
    )
    async with served(tmp_path, authority, [service], CALLERS, name="identification") as running:
        yield running


async def stub(identification, workload):
    return rpc.IdentificationServiceStub(await identification.channel(workload))


async def test_resolves_in_order_and_repeats_what_is_asked_twice(identification):
    asked = ["95661501156", "71713000318", "39620200524", "99600000470", "90651803128"]

    answer = await (await stub(identification, "routing")).ResolveSsins(
        pb.ResolveSsinsRequest(ssins=[*asked, "71713000318"])
    )

    assert list(answer.results) == [
        pb.ResolvedSsin(ssin=asked[0], state="SSIN_STATE_REPLACED", replaced_by="95661501255"),
        pb.ResolvedSsin(ssin=asked[1], state="SSIN_STATE_ACTIVE"),
        pb.ResolvedSsin(
            ssin=asked[2],
            state="SSIN_STATE_ACTIVE",
            deceased_on=date_pb2.Date(year=2025, month=2),
        ),
        pb.ResolvedSsin(ssin=asked[3], state="SSIN_STATE_UNKNOWN"),
        pb.ResolvedSsin(ssin=asked[4], state="SSIN_STATE_CANCELED"),
        pb.ResolvedSsin(ssin=asked[1], state="SSIN_STATE_ACTIVE"),
    ]


async def test_resolves_enterprises_and_establishments_in_order(identification):
    asked = ["2999999073", "0899990150", "0314595348", "0899990150"]

    answer = await (await stub(identification, "routing")).ResolveEnterprises(
        enterprise_pb2.ResolveEnterprisesRequest(cbe_numbers=asked)
    )

    ceased, exists, unknown, again = answer.results
    assert [one.cbe_number for one in answer.results] == asked
    assert exists == again
    assert exists.state == enterprise_pb2.ENTERPRISE_STATE_ACTIVE
    assert unknown.state == enterprise_pb2.ENTERPRISE_STATE_UNKNOWN
    assert ceased.state == enterprise_pb2.ENTERPRISE_STATE_CEASED
    assert ceased.end_date == date_pb2.Date(year=2026, month=4, day=30)
    assert ceased.enterprise_number == "0899990150"


@pytest.mark.parametrize(
    ("asked", "field"),
    [([], "cbe_numbers"), (["0899990150"] * 1001, "cbe_numbers"), (["12"], "cbe_numbers[0]")],
)
async def test_refuses_numbers_that_are_none(identification, asked, field):
    with pytest.raises(PeerFailed) as refused:
        await (await stub(identification, "routing")).ResolveEnterprises(
            enterprise_pb2.ResolveEnterprisesRequest(cbe_numbers=asked)
        )

    assert [one.field for one in refused.value.violations] == [field]


@pytest.mark.parametrize("workload", ["directory", "buffer"])
async def test_lists_what_was_replaced_to_who_keeps_rows_on_persons(identification, workload):
    answer = await (await stub(identification, workload)).ListReplacements(
        pb.ListReplacementsRequest(after_sequence=1)
    )

    (listed,) = answer.replacements
    assert (listed.sequence, listed.ssin, listed.replaced_by) == (2, "95661501156", "95661501255")


async def test_refuses_the_feed_to_others(identification):
    with pytest.raises(PeerFailed) as refused:
        await (await stub(identification, "routing")).ListReplacements(pb.ListReplacementsRequest())

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize("wrong", [{"after_sequence": -1}, {"page_size": -1}])
async def test_refuses_a_page_that_makes_no_sense(identification, authority, wrong):
    raw = rpc.IdentificationServiceStub(await identification.raw(authority.workload("buffer")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ListReplacements(pb.ListReplacementsRequest(**wrong))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_refuses_who_is_not_listed(identification):
    with pytest.raises(PeerFailed) as refused:
        await (await stub(identification, "gateway")).ResolveSsins(
            pb.ResolveSsinsRequest(ssins=["71713000318"])
        )

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    "ssins", [[], ["71713000318"] * 1001, ["71713000318", "71713000319"], [""]]
)
async def test_refuses_what_makes_no_sense(identification, authority, ssins):
    raw = rpc.IdentificationServiceStub(await identification.raw(authority.workload("routing")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ResolveSsins(pb.ResolveSsinsRequest(ssins=ssins))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_mock_numbers_are_unknown_in_production():
    identification = Identification(FakeStore(), knows_mock_numbers=False)
    (marc, *_) = FakeStore().persons

    (resolved,) = await identification.resolve_ssins([marc])

    assert resolved.state.name == "UNKNOWN"

"""Rights over real mutual TLS: as a source for routing, and for citizens."""

import hashlib
from urllib.parse import quote

import grpc
import pytest
from cbss.data.v1 import right_pb2 as data_pb
from cbss.rights.v1 import rights_service_pb2 as pb
from cbss.rights.v1 import rights_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc
from cryptography.hazmat.primitives.serialization import Encoding
from google.type import date_pb2

from sandbox.authority import Authority
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.kit.clock import utc_now
from services.kit.errors import PeerFailed
from services.kit.forwarded import HEADER
from services.kit.ids import uuid7
from services.kit.server import Service
from services.rights.callers import CALLERS
from services.rights.servicer import RightsServicer, SupplierServicer
from services.rights.usecases import Citizens, Rights
from services.rights.wire.questions import Answers
from tests.services.rights.known import (
    CITIZENS,
    JUDGE,
    LAW,
    PENSIONER,
    SON,
    TODAY,
    WIDOW,
    FakeFacts,
    FakeNumbers,
    FakeTold,
    FakeTrail,
)
from tests.support.server import served, vouching


@pytest.fixture
async def rights(tmp_path, authority):
    """The service over persons in memory."""
    facts, told, numbers, trail = FakeFacts(PENSIONER), FakeTold(), FakeNumbers(), FakeTrail()
    name = CITIZENS.own.certificate.subject.rfc4514_string()
    citizens = Citizens(facts, numbers, AdmittedCitizens(trail, {name}), JUDGE, lambda: TODAY)
    services = [
        Service(
            rpc.add_RightsServiceServicer_to_server,
            RightsServicer(citizens, LAW, Calls("cbss.rights.v1.RightsService", uuid7, utc_now)),
            pb.DESCRIPTOR.services_by_name["RightsService"],
        ),
        Service(
            supplier_rpc.add_SupplierServiceServicer_to_server,
            SupplierServicer(Rights(facts, told, JUDGE), Answers(LAW, uuid7, utc_now)),
            supplier_pb.DESCRIPTOR.services_by_name["SupplierService"],
        ),
    ]
    vouched = vouching(tmp_path, citizens=[CITIZENS])
    async with served(tmp_path, authority, services, CALLERS, name="rights", **vouched) as running:
        running.facts, running.told, running.trail = facts, told, trail
        yield running


def day_of(day):
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def question(*rights, ssin=WIDOW.digits, first=TODAY, last=TODAY, packed=True):
    asked = supplier_pb.Question(data_contract="RIGHTS", contract_version=1, ssin=ssin)
    asked.period.begin_date.CopyFrom(day_of(first))
    asked.period.end_date.CopyFrom(day_of(last))
    asked.information_customer.customer_identification.cbe_number = "0899990546"
    if packed:
        asked.criteria.Pack(data_pb.RightsCriteria(rights=rights))
    return asked


async def answers(rights, *questions):
    stub = supplier_rpc.SupplierServiceStub(await rights.channel("routing"))
    return (await stub.Answer(supplier_pb.AnswerRequest(questions=questions))).answers


async def test_decides_for_a_granting_body_with_facts_and_their_freshness(rights):
    (answer,) = await answers(rights, question("WATER_DISCOUNT", "LIVING_WAGE_SINGLE"))

    found = data_pb.RightDecisions()
    assert answer.data.Unpack(found)
    water, wage = found.decisions
    assert (water.right, water.verdict) == ("WATER_DISCOUNT", data_pb.RIGHT_VERDICT_GRANTED)
    assert (water.grant.begin_date.year, water.benefit_percent) == (2023, 80)
    assert not water.HasField("benefit_cents")
    (used,) = water.facts_used
    assert (used.fact_type, used.is_of_another) == ("IGO", False)
    assert used.source.sector_institution.sector == 5
    assert used.HasField("as_of")
    assert wage.verdict == data_pb.RIGHT_VERDICT_REFUSED
    assert wage.unmet_conditions[0].remedy.nl
    assert not wage.HasField("grant")
    assert found.sources
    assert rights.told.told == [
        (WIDOW, "0899990546", "WATER_DISCOUNT", "GRANTED"),
        (WIDOW, "0899990546", "LIVING_WAGE_SINGLE", "REFUSED"),
    ]


async def test_asks_once_of_what_is_known_of_many(rights):
    many = [question("WATER_DISCOUNT"), question("WATER_DISCOUNT", ssin=SON.digits)]

    found = await answers(rights, *many)

    assert [one.ssin.ssin for one in found] == [WIDOW.digits, SON.digits]
    assert rights.facts.asked == [{WIDOW, SON}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (question("NOTHING"), "criteria.rights[0]"),
        # The right to social internet begins later.
        (
            question("SOCIAL_INTERNET", first=TODAY.replace(2020), last=TODAY.replace(2020)),
            "criteria.rights[0]",
        ),
        (question("WATER_DISCOUNT", first=TODAY.replace(2025)), "period"),
        (question(packed=False), "criteria"),
        (question(), "criteria.rights"),
        (question(*["WATER_DISCOUNT"] * 2), "criteria.rights"),
        (question(*[f"RIGHT_{n}" for n in range(21)]), "criteria.rights"),
    ],
)
async def test_a_question_that_makes_no_sense_is_answered_and_the_others_are_decided(
    rights, wrong, field
):
    bad, good = await answers(rights, wrong, question("WATER_DISCOUNT"))

    assert bad.status.code == "MSG00008"
    assert bad.status.information[0].field_value == field
    assert not bad.HasField("data")
    assert good.status.code == "MSG00000"


def card(ssin=SON.digits):
    """What the gateway says of a citizen's card."""
    issued = CITIZENS.citizen(ssin, "Citizen")
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]


async def mine(rights, authority, request=None, metadata=None):
    raw = rpc.RightsServiceStub(await rights.raw(authority.workload("gateway")))
    method = raw.WhatIf if isinstance(request, pb.WhatIfRequest) else raw.ListMyRights
    return await method(request or pb.ListMyRightsRequest(), metadata=metadata or card())


def right(answer, name):
    (found,) = [one for one in answer.rights if one.decision.right == name]
    return found


async def test_a_citizen_reads_every_right_with_its_law_and_not_what_facts_of_others_are(
    rights, authority
):
    answer = await mine(rights, authority)

    assert {one.decision.right for one in answer.rights} >= {"WATER_DISCOUNT", "DE_LIJN_FREE"}
    water = right(answer, "WATER_DISCOUNT")
    assert (water.title.nl, bool(water.legal_ground)) == ("Sociaal tarief voor water", True)
    assert "water" in water.body
    (used,) = water.decision.facts_used
    assert used.is_of_another
    assert not used.fact_type
    assert not used.HasField("fact")
    assert not used.HasField("period")
    assert used.source.sector_institution.sector == 5
    # What is on the trail says that he read, and nothing of what.
    assert [one.person for one in rights.trail.records] == [SON]
    assert b"IGO" not in str(rights.trail.records).encode()


async def test_what_if_is_answered_and_forgotten(rights, authority):
    before = await mine(rights, authority)
    supposed = await mine(rights, authority, pb.WhatIfRequest(alone=True))
    after = await mine(rights, authority)

    assert right(before, "WATER_DISCOUNT").decision.verdict == data_pb.RIGHT_VERDICT_GRANTED
    assert right(supposed, "WATER_DISCOUNT").decision.verdict == data_pb.RIGHT_VERDICT_REFUSED
    assert list(after.rights) == list(before.rights)
    assert rights.told.told == []


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (pb.ListMyRightsRequest(date=day_of(TODAY.replace(1999))), "date"),
        (pb.ListMyRightsRequest(date=day_of(TODAY.replace(2090))), "date"),
        (pb.ListMyRightsRequest(date=date_pb2.Date(year=2025)), "date"),
        (pb.WhatIfRequest(birth_date=day_of(TODAY.replace(1899))), "birth_date"),
        (pb.WhatIfRequest(postal_code=999), "postal_code"),
        (pb.WhatIfRequest(yearly_income_cents=-1), "yearly_income_cents"),
        (pb.WhatIfRequest(further_dependants=21), "further_dependants"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_field(rights, authority, request_, field):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await mine(rights, authority, request_)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert field in str(refused.value.trailing_metadata())


async def test_who_is_no_citizen_reads_nothing(rights, authority):
    stranger = Authority.founded("institutions of the tests")
    issued = stranger.citizen(SON.digits, "Citizen")
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    foreign = [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await mine(rights, authority, metadata=foreign)

    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert rights.facts.asked == []


@pytest.mark.parametrize("stranger", ["gateway", "access", "buffer"])
async def test_refuses_as_a_source_who_is_not_listed(rights, stranger):
    stub = supplier_rpc.SupplierServiceStub(await rights.channel(stranger))

    with pytest.raises(PeerFailed) as refused:
        await stub.Answer(supplier_pb.AnswerRequest(questions=[question("WATER_DISCOUNT")]))

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"

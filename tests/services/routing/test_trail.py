"""What the trail reads of a question: who asks, for whom, and which official or program."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cbss.common.v1 import information_pb2, organization_pb2, subject_pb2
from cbss.routing.v1 import routing_service_pb2 as pb

from services.admission.model import Entry, Stage
from services.concepts.enterprise_number import EstablishmentNumber
from services.concepts.failures import InvalidArgument
from services.concepts.period import Period
from services.concepts.status import status
from services.concepts.user_id import UserId
from services.kit.caller import Caller
from services.routing.model import Outcome, Party, Refusal, SourceAnswer
from services.routing.peers.audit import PeerTrail
from services.routing.wire import questions
from services.routing.wire.suppliers import encode_question
from tests.services.routing import examples as ex

OFFICIAL = "57631410249"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Stub:
    """The audit service, which remembers what it was told."""

    def __init__(self):
        self.records = []

    async def RecordExchanges(self, request):
        self.records += request.records


def request(user_id=OFFICIAL):
    place = organization_pb2.SectorInstitution(sector=17, institution=1)
    information = information_pb2.InformationCustomer(
        ticket="t-1",
        customer_identification=organization_pb2.Organization(sector_institution=place),
        user_id=user_id,
    )
    return pb.ConsultRequest(
        information_customer=information,
        legal_context="PCSW:EXAMPLE",
        data_contract="EXAMPLE",
        ssin=ex.PERSON.digits,
    )


async def recorded(exchange, party):
    """The records of every stage of an exchange."""
    stub = Stub()
    trail = PeerTrail(stub, new_id=lambda: UUID(int=9), now=lambda: NOON)
    await trail.intend(exchange, party, ex.plan)
    await trail.conclude(Outcome(exchange, party, status("MSG00100")), ex.plan)
    await trail.refuse(exchange, party, Refusal(status("MSG00012"), "NOT_INTEGRATED"))
    await trail.record(Entry(call=exchange.call, stage=Stage.REFUSAL).refused("X"))
    return stub.records


async def test_every_record_names_the_enterprise_and_no_person():
    exchange = ex.asking(ssin=None, enterprise=EstablishmentNumber(2_999_999_073))

    records = await recorded(exchange, Party(ex.centre, ex.centre))

    told = [(one.subject_ssin, one.subject_cbe_number, one.subject_kind) for one in records[:3]]
    assert told == [("", "2999999073", subject_pb2.SUBJECT_KIND_ESTABLISHMENT)] * 3


async def test_every_record_says_who_asked_and_no_supplier_is_told():
    exchange = ex.asking(head=questions.decode_question(request(), ex.DAY).head)

    records = await recorded(exchange, Party(ex.centre, ex.centre))

    assert [one.user_id for one in records] == [OFFICIAL] * 4
    assert encode_question(exchange, ex.plan, ex.first).information_customer.user_id == ""


async def test_who_was_not_told_stays_empty():
    assert questions.decode_question(request(""), ex.DAY).head.user is None
    records = await recorded(ex.exchange, Party(ex.centre, ex.centre))

    assert {one.user_id for one in records} == {""}


def test_a_malformed_official_makes_the_envelope_unusable():
    with pytest.raises(InvalidArgument) as refused:
        questions.decode_exchange(request("0"), Caller("", None), uuid4, NOON, ex.DAY, "")

    assert refused.value.violations[0].field == "information_customer.user_id"


async def test_who_asks_for_whom_it_manages_is_the_caller_and_the_other_the_customer():
    certificate = replace(ex.certificate, organization=ex.MANAGER)
    head = replace(ex.question.head, user=UserId("batch"))
    exchange = replace(ex.asking(head=head), certificate=certificate)

    *settled, turned_away = await recorded(exchange, Party(ex.manager, ex.centre))

    for one in settled:
        assert one.caller_cbe_number == ex.MANAGER.digits
        assert one.customer_cbe_number == ex.CENTRE.digits
        # Nobody but the customer gets the answer.
        assert one.final_recipient_cbe_number == ""
    assert (turned_away.caller_cbe_number, turned_away.customer_cbe_number) == (
        ex.MANAGER.digits,
        "",
    )


async def test_an_outcome_says_all_that_it_would_without_its_intent():
    exchange, party = ex.asking(period=Period(ex.DAY, ex.DAY)), Party(ex.centre, ex.centre)
    answered = SourceAnswer(
        ex.first, status("MSG00000"), ticket="s-1", duration=timedelta(milliseconds=7)
    )
    unaware = ex.contract.unaware[ex.second.supplier.cbe_number]
    outcome = Outcome(
        exchange, party, status("MSG00000"), answers=(answered, unaware), cut=("group", "plain")
    )
    records = []
    for begun in (True, False):
        stub = Stub()
        trail = PeerTrail(stub, new_id=lambda: UUID(int=9), now=lambda: NOON)
        if begun:
            await trail.intend(exchange, party, ex.plan)
        await trail.conclude(outcome, ex.plan)
        records.append(stub.records[-1])

    assert records[0] == records[1]
    assert [leg.supplier_cbe_number for leg in records[0].sources] == [ex.FIRST.digits]


async def test_the_intent_of_an_exchange_is_remembered_no_longer_than_the_exchange():
    party, stub = Party(ex.centre, ex.centre), Stub()
    trail = PeerTrail(stub, new_id=lambda: UUID(int=9), now=lambda: NOON)

    await trail.intend(ex.exchange, party, ex.plan)
    await trail.conclude(Outcome(ex.exchange, party, status("MSG00100")), ex.plan)
    await trail.intend(ex.exchange, party, ex.plan)
    trail.abandon(ex.exchange, party, ex.plan, asyncio.CancelledError(), ())
    async with trail:
        pass

    assert not trail._begun
    assert [one.stage for one in stub.records] == [1, 2, 1, 2]

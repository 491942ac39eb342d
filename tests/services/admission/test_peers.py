"""What is asked of access, and what is recorded of a call."""

from uuid import UUID

import pytest
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Call, Entry, Granted, Leg, Mode, Party, Stage
from services.admission.peers.access import PeerAccess
from services.admission.peers.audit import MOST_RECORDS, PeerTrail
from services.admission.usecases import batch
from services.concepts.decision import Deliberation, Denied
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext
from services.concepts.party import Certificate
from services.concepts.status import status
from services.concepts.user_id import UserId
from services.kit.errors import PeerUnavailable
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    NOW,
    PERSON,
    TODAY,
    TRIAL,
    organization,
    period,
)
from tests.support.stubs import Stub

CALL = Call(
    ticket=UUID(int=1),
    rpc="x/Rpc",
    received_at=NOW,
    day=TODAY,
    certificate=Certificate(CENTRE, "", "cc" * 32),
    trace_id="aa" * 16,
    head=Head("T1", CENTRE, LegalContext("C"), UserId("57631410249")),
)


def trail(stub):
    return PeerTrail(stub, new_id=lambda: UUID(int=2), now=lambda: NOW)


async def decided(decision):
    response = access_pb.CheckAccessResponse(decisions=[decision], snapshot_version="s")
    stub = Stub(CheckAccess=response)
    asking = PeerAccess(stub)
    answer = await asking.check(organization(), LegalContext("C"), TRIAL, TODAY, Mode.PUSH)
    return answer, stub.asked[0].questions[0]


async def test_a_grant_is_taken_with_what_it_grants():
    granted = access_pb.Granted(
        deliberation_number="N",
        deliberation_version=2,
        granted_fields=["rights"],
        quality_codes=["002"],
    )

    answer, asked = await decided(access_pb.Decision(granted=granted))

    assert answer == Granted(Deliberation("N", 2), "s", frozenset({2}), ("rights",))
    assert (asked.customer_cbe_number, asked.mode) == (CENTRE.digits, access_pb.EXCHANGE_MODE_PUSH)
    assert (asked.data_contract, asked.contract_version) == ("TRIAL", 1)
    assert asked.day == asked.period.begin_date == asked.period.end_date
    assert (asked.day.year, asked.day.month, asked.day.day) == TODAY.timetuple()[:3]


@pytest.mark.parametrize(
    ("decision", "denied"),
    [
        (
            access_pb.Decision(
                refused=access_pb.Refused(reason=access_pb.REFUSAL_REASON_NOT_IN_FORCE)
            ),
            Denied("NOT_IN_FORCE", None, "s"),
        ),
        (access_pb.Decision(), Denied("UNSPECIFIED", None, "s")),
    ],
)
async def test_what_is_no_grant_is_a_refusal(decision, denied):
    answer, _ = await decided(decision)

    assert answer == denied


async def test_an_entry_says_all_that_is_known_of_an_act_and_no_content():
    stub, one = Stub(RecordExchanges=None), organization()
    entry = Entry(
        call=CALL,
        stage=Stage.ACT,
        party=Party(one, one),
        person=PERSON,
        contract=TRIAL,
        period=period("2026-01-01"),
        decision=Denied("NOT_IN_FORCE", Deliberation("N", 2), "s"),
        status=status("MSG00013"),
        cut=("rights",),
        sources=(Leg(FEDERAL, status("MSG00000")),),
    )

    await trail(stub).record(entry.refused("NOT_IN_FORCE"))

    (record,) = stub.asked[0].records
    assert record.stage == record_pb.EXCHANGE_STAGE_ACT
    assert record.verdict == record_pb.VERDICT_DENY
    assert (record.record_id, record.ticket_cbss) == (str(UUID(int=2)), str(UUID(int=1)))
    assert (record.subject_ssin, record.customer_cbe_number) == (PERSON.digits, CENTRE.digits)
    assert (record.customer_ticket, record.legal_context) == ("T1", "C")
    assert (record.deliberation_number, record.deliberation_version) == ("N", 2)
    assert (record.reason, record.status_code) == ("NOT_IN_FORCE", "MSG00013")
    assert record.user_id == "57631410249"
    assert [one.supplier_cbe_number for one in record.sources] == [FEDERAL.digits]
    assert list(record.filtered_elements) == ["rights"]


async def test_a_card_is_not_told_for_its_digest_would_name_the_citizen():
    stub = Stub(RecordExchanges=None)
    call = Call(
        ticket=UUID(int=1),
        rpc="x/ListMine",
        received_at=NOW,
        day=TODAY,
        certificate=Certificate(None, "aa" * 32, "cc" * 32),
    )

    await trail(stub).record(Entry(call=call, stage=Stage.OUTCOME, person=PERSON))

    (record,) = stub.asked[0].records
    assert (record.client_certificate_sha256, record.caller_cbe_number) == ("", "")


async def test_a_batch_is_a_head_and_a_line_for_each_person_under_one_ticket():
    stub = Stub(RecordExchanges=None)
    made = batch(Entry(call=CALL, stage=Stage.PUSH, contract=TRIAL), [PERSON, ANOTHER])

    await trail(stub).record(*made)

    head, *lines = stub.asked[0].records
    assert (head.stage, head.subjects_count, head.subject_ssin) == (6, 2, "")
    assert [(one.stage, one.subject_ssin, one.subjects_count) for one in lines] == [
        (7, PERSON.digits, 0),
        (7, ANOTHER.digits, 0),
    ]
    assert {one.ticket_cbss for one in (head, *lines)} == {str(CALL.ticket)}


async def test_more_than_audit_takes_at_once_goes_in_parts():
    stub = Stub(RecordExchanges=None)
    entry = Entry(call=CALL, stage=Stage.OUTCOME)

    await trail(stub).record(*[entry] * (MOST_RECORDS + 1))

    assert [len(asked.records) for asked in stub.asked] == [MOST_RECORDS, 1]


async def test_what_the_trail_did_not_take_fails():
    with pytest.raises(PeerUnavailable):
        await trail(Stub(RecordExchanges=PeerUnavailable())).record(
            Entry(call=CALL, stage=Stage.ACT)
        )

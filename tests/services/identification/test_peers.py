"""What access and audit are asked and told, and what comes of what they answer."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Admitted, Call, Granted, Known, Party
from services.admission.peers.access import PeerAccess
from services.admission.peers.audit import PeerTrail
from services.admission.peers.endings import LateEndings
from services.admission.peers.members import PeerMembers
from services.admission.usecases import Admission, Operators
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.status import status
from services.concepts.user_id import UserId
from services.identification.model.calls import Ending
from services.identification.model.persons import Origin
from services.identification.peers.audit import PeerReplacements
from services.identification.usecases.desk import Desk
from services.kit.errors import PeerFailed
from services.kit.ids import uuid7
from tests.services.identification.examples import MARC, SAM, FakeReplacements

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
CENTRE = EnterpriseNumber(899990348)
NATIONAL_REGISTER, BANK = EnterpriseNumber(899990942), EnterpriseNumber(899990150)
PLACE = SectorInstitution(17, 1)
SEARCH = ContractName("PERSON_SEARCH", 1)
OFFICIAL = "57631410249"
ACT = Deliberation("IVC/KSZG/99/030", 2)
CALL = Call(
    ticket=UUID(int=7),
    rpc="cbss.identification.v1.IdentificationService/SearchPersons",
    received_at=NOON,
    day=date(2026, 3, 31),
    certificate=Certificate(CENTRE, "ab" * 32, "cd" * 32),
    trace_id="ef" * 16,
    head=Head("t-1", PLACE, LegalContext("PCSW:IDENTIFICATION"), UserId(OFFICIAL)),
)
PARTY = Party(Known(CENTRE), Known(CENTRE, PLACE))


class Stub:
    """A peer that remembers what it was asked and answers what it is told."""

    def __init__(self, **answers):
        self.asked = []
        self.answers = answers

    def __getattr__(self, name):
        async def call(request):
            self.asked.append(request)
            answer = self.answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


async def test_asks_who_calls_by_the_key_of_the_certificate():
    answer = access_pb.CheckCallerResponse(
        caller_cbe_number=CENTRE.digits, customer_cbe_number=CENTRE.digits
    )
    answer.customer_sector_institution.sector = 17
    answer.customer_sector_institution.institution = 1
    stub = Stub(CheckCaller=answer)

    assert await PeerMembers(stub).party(CALL) == PARTY
    (asked,) = stub.asked
    assert (asked.cbe_number, asked.public_key_sha256) == (CENTRE.digits, "ab" * 32)
    assert asked.customer.sector_institution.sector == 17


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        ("ORGANIZATION_UNKNOWN", OrganizationUnknown),
        ("CUSTOMER_NOT_THE_CALLER", CustomerNotTheCaller),
        ("SNAPSHOT_STALE", PeerFailed),
    ],
)
async def test_says_why_a_caller_is_not_believed(reason, failure):
    stub = Stub(CheckCaller=PeerFailed(facts={"reason": reason}))

    with pytest.raises(failure):
        await PeerMembers(stub).party(CALL)


def trail():
    stub = Stub()
    sources = {Origin.RN_RR: NATIONAL_REGISTER, Origin.BCSS_KSZ: BANK}
    written = PeerTrail(stub, new_id=lambda: UUID(int=9), now=lambda: NOON)
    return stub, Desk(Admission(None, None, written), sources, LateEndings(written), uuid7)


ADMITTED = Admitted(CALL, PARTY, SEARCH, Granted(ACT, "snapshot", frozenset(), ("*",)))


async def test_records_once_for_each_person_that_is_shown():
    stub, written = trail()

    await written.record(ADMITTED, Ending(status("MSG00000"), (MARC, SAM), cut=("sex",)))

    records = stub.asked[0].records
    assert [one.subject_ssin for one in records] == [MARC.digits, SAM.digits]
    for one in records:
        assert one.stage == record_pb.EXCHANGE_STAGE_OUTCOME
        assert one.verdict == record_pb.VERDICT_PERMIT
        assert (one.ticket_cbss, one.customer_cbe_number) == (str(UUID(int=7)), CENTRE.digits)
        assert (one.deliberation_number, one.snapshot_version) == (ACT.number, "snapshot")
        assert (one.status_code, list(one.filtered_elements)) == ("MSG00000", ["sex"])
        assert one.user_id == OFFICIAL


async def test_names_the_register_of_each_person_whose_data_went_out():
    stub, written = trail()
    origins = {MARC: frozenset({Origin.RN_RR, Origin.BCSS_KSZ})}

    await written.record(ADMITTED, Ending(status("MSG00000"), (MARC, SAM), origins=origins))

    marc, sam = stub.asked[0].records
    assert [leg.supplier_cbe_number for leg in marc.sources] == [
        BANK.digits,
        NATIONAL_REGISTER.digits,
    ]
    for leg in marc.sources:
        assert (leg.status_value, leg.status_code) == (marc.status_value, "MSG00000")
    assert not sam.sources


@pytest.mark.parametrize(
    ("entry", "stage", "verdict"),
    [
        (Ending(status("MSG00100")), "OUTCOME", "PERMIT"),
        (Ending(status("MSG00008")), "REFUSAL", "DENY"),
        (Ending(status("MSG00000"), (MARC,), is_act=True), "ACT", "PERMIT"),
        (Ending(status("MSG00006"), (MARC,), is_act=True), "ACT", "DENY"),
    ],
)
async def test_the_stage_says_whether_something_was_shown_refused_or_changed(entry, stage, verdict):
    stub, written = trail()

    await written.record(ADMITTED, entry)

    (record,) = stub.asked[0].records
    assert record_pb.ExchangeStage.Name(record.stage) == f"EXCHANGE_STAGE_{stage}"
    assert record_pb.Verdict.Name(record.verdict) == f"VERDICT_{verdict}"


async def test_records_who_was_turned_away_and_what_was_denied():
    stub, desk = trail()
    stranger = Stub(CheckCaller=PeerFailed(facts={"reason": "ORGANIZATION_UNKNOWN"}))
    known = Stub(
        CheckCaller=access_pb.CheckCallerResponse(
            caller_cbe_number=CENTRE.digits, customer_cbe_number=CENTRE.digits
        ),
        CheckAccess=access_pb.CheckAccessResponse(
            decisions=[
                access_pb.Decision(refused=access_pb.Refused(reason="REFUSAL_REASON_NOT_IN_FORCE"))
            ],
            snapshot_version="snapshot",
        ),
    )

    for peer in (stranger, known):
        admission = Admission(PeerMembers(peer), PeerAccess(peer), desk.admission.trail)
        with suppress(OrganizationUnknown):
            ended = await replace(desk, admission=admission).enter(CALL, SEARCH)

    assert ended.status.code.code == "MSG00013"
    turned, denied = (request.records[0] for request in stub.asked)
    assert (turned.reason, turned.customer_cbe_number) == ("ORGANIZATION_UNKNOWN", "")
    assert (denied.reason, denied.status_code) == ("NOT_IN_FORCE", "MSG00013")
    assert denied.status_value == status_pb2.STATUS_VALUE_NO_RESULT
    assert turned.stage == denied.stage == record_pb.EXCHANGE_STAGE_REFUSAL
    assert turned.user_id == denied.user_id == OFFICIAL


async def test_records_who_read_what_is_known_and_why():
    stub, desk = trail()
    call = replace(CALL, head=None, operator="somebody")

    await Operators(desk.admission.trail).told(call, "a dispute", MARC, found=True)

    (record,) = stub.asked[0].records
    assert (record.subject_ssin, record.reading_reason) == (MARC.digits, "a dispute")
    assert (record.operator, record.verdict) == ("somebody", record_pb.VERDICT_PERMIT)


async def test_tells_the_trail_of_a_replacement():
    stub, one = Stub(), FakeReplacements().done[0]

    await PeerReplacements(stub).record_replacement(one)

    (told,) = stub.asked
    assert (told.event_id, told.ssin) == (str(one.event_id), one.ssin.digits)
    assert told.occurred_at.ToDatetime(UTC) == one.occurred_at


def test_nothing_here_prints_a_person():
    printed = repr(SimpleNamespace(entry=Ending(status("MSG00000"), (MARC,)), call=CALL))

    assert MARC.digits not in printed
    assert OFFICIAL not in printed

"""What the directory makes of its peers' answers, and what it asks them."""

import asyncio
from uuid import UUID

import pytest
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import search_pb2

from services.concepts.decision import Deliberation, Denied
from services.concepts.head import Head
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.legal_context import LegalContext
from services.concepts.party import NO_CERTIFICATE, Certificate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.concepts.user_id import UserId
from services.directory.model import (
    Call,
    Entry,
    Granted,
    Mode,
    Party,
    Proof,
    ProofVerdict,
    Stage,
)
from services.directory.peers.access import PeerAccess
from services.directory.peers.audit import PeerTrail
from services.directory.peers.identification import PeerIdentification
from services.kit.errors import PeerUnavailable
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    NOW,
    PERSON,
    TODAY,
    TRIAL,
    organization,
    period,
)


class Stub:
    """A generated stub: answers as it is told, and remembers what it was asked."""

    def __init__(self, **answers):
        self.asked = []
        self._answers = answers

    def __getattr__(self, method):
        async def call(request):
            self.asked.append(request)
            answer = self._answers[method]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def checked(**fields):
    return search_pb2.CheckIdentitiesResponse(results=[search_pb2.CheckedIdentity(**fields)])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (checked(verified=True), ProofVerdict.AGREES),
        (checked(differing_fields=["last_name", "birth_date"]), ProofVerdict.DIFFERS),
        (checked(differing_fields=["ssin"]), ProofVerdict.UNVERIFIABLE),
        (checked(), ProofVerdict.DIFFERS),
    ],
)
async def test_a_proof_is_compared_by_identification(answer, verdict):
    stub = Stub(CheckIdentities=answer)
    proof = Proof("", "Mock", "Persona", IncompleteDate(1971, 11))

    assert await PeerIdentification(stub).verify(PERSON, proof) is verdict

    (asked,) = stub.asked[0].proofs
    assert (asked.ssin, asked.last_name, asked.first_name) == (PERSON.digits, "Mock", "Persona")
    assert (asked.birth_date.year, asked.birth_date.month, asked.birth_date.day) == (1971, 11, 0)


async def test_a_number_is_resolved_to_what_it_is():
    resolved = identification_pb.ResolvedSsin(
        ssin=PERSON.digits,
        state=identification_pb.SSIN_STATE_REPLACED,
        replaced_by=ANOTHER.digits,
    )
    stub = Stub(ResolveSsins=identification_pb.ResolveSsinsResponse(results=[resolved]))

    # Beside the question to access, hence as a task.
    async with asyncio.TaskGroup() as beside:
        resolving = beside.create_task(PeerIdentification(stub).resolve(PERSON))
    found = resolving.result()

    assert found == ResolvedSsin(SsinState.REPLACED, ANOTHER)


async def test_replacements_are_read_in_order():
    response = identification_pb.ListReplacementsResponse()
    response.replacements.add(
        sequence=7, ssin=PERSON.digits, replaced_by=ANOTHER.digits
    ).occurred_at.FromDatetime(NOW)
    stub = Stub(ListReplacements=response)

    (found,) = await PeerIdentification(stub).replacements_after(6)

    assert (found.sequence, found.person, found.replaced_by) == (7, PERSON, ANOTHER)
    assert found.replaced_at == NOW
    assert stub.asked[0].after_sequence == 6


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
    stub = Stub(RecordExchanges=None)
    call = Call(UUID(int=1), "rpc", NOW, TODAY, Certificate(CENTRE, "", "cc" * 32), "aa" * 16)
    one = organization()
    entry = Entry(
        call,
        Stage.ACT,
        permitted=False,
        reason="NOT_IN_FORCE",
        party=Party(one, one),
        head=Head("T1", CENTRE, LegalContext("C"), UserId("57631410249")),
        person=PERSON,
        contract=TRIAL,
        period=period("2026-01-01"),
        decision=Denied("NOT_IN_FORCE", Deliberation("N", 2), "s"),
        status=status("MSG00013"),
    )

    await PeerTrail(stub, new_id=lambda: UUID(int=2), now=lambda: NOW).record(entry)

    (record,) = stub.asked[0].records
    assert record.stage == record_pb.EXCHANGE_STAGE_ACT
    assert record.verdict == record_pb.VERDICT_DENY
    assert (record.record_id, record.ticket_cbss) == (str(UUID(int=2)), str(UUID(int=1)))
    assert (record.subject_ssin, record.customer_cbe_number) == (PERSON.digits, CENTRE.digits)
    assert (record.deliberation_number, record.deliberation_version) == ("N", 2)
    assert (record.reason, record.status_code) == ("NOT_IN_FORCE", "MSG00013")
    assert record.user_id == "57631410249"


async def test_what_the_trail_did_not_take_fails():
    stub = Stub(RecordExchanges=PeerUnavailable())
    call = Call(UUID(int=1), "rpc", NOW, TODAY, NO_CERTIFICATE, "")
    trail = PeerTrail(stub, new_id=lambda: UUID(int=2), now=lambda: NOW)

    with pytest.raises(PeerUnavailable):
        await trail.record(Entry(call, Stage.ACT, permitted=True))

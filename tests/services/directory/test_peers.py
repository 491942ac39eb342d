"""What the directory makes of its peers' answers, and what it asks them."""

import asyncio
from datetime import UTC
from uuid import UUID

import pytest
from cbss.common.v1 import status_pb2
from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import search_pb2

from services.admission.model import Call
from services.concepts.head import Head
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.party import Certificate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.user_id import UserId
from services.directory.model import Proof, ProofVerdict
from services.directory.peers.identification import PeerIdentification
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    NOW,
    PERSON,
    TODAY,
)
from tests.support.stubs import Stub

AWAY = status_pb2.Status(
    code="CBSS20001",
    value="STATUS_VALUE_TECHNICAL_ERROR",
    information=[{"field_name": "reason", "field_value": "PEER_UNAVAILABLE"}],
)
CALL = Call(
    ticket=UUID(int=7),
    rpc="rpc",
    received_at=NOW,
    day=TODAY,
    certificate=Certificate(CENTRE, "ab" * 32, "cc" * 32),
    head=Head("T1", CENTRE, "PCSW:REGISTRATION", UserId("57631410249")),
)


def checked(code="MSG00000", **fields):
    fields = {"national_register": status_pb2.Status(code=code)} | fields
    return search_pb2.CheckIdentitiesResponse(results=[search_pb2.CheckedIdentity(**fields)])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (checked(verified=True), ProofVerdict.AGREES),
        (checked(differing_fields=["last_name", "birth_date"]), ProofVerdict.DIFFERS),
        (checked("MSG00100", differing_fields=["ssin"]), ProofVerdict.UNVERIFIABLE),
        (checked(differing_fields=["ssin"], national_register=AWAY), ProofVerdict.UNVERIFIABLE),
        (checked(), ProofVerdict.DIFFERS),
    ],
)
async def test_a_proof_is_compared_by_identification(answer, verdict):
    stub = Stub(CheckIdentities=answer)
    proof = Proof("", "Mock", "Persona", IncompleteDate(1971, 11))

    told = await PeerIdentification(stub).verify(CALL, PERSON, proof)

    (result,) = answer.results
    assert (told.verdict, told.register.code.code) == (verdict, result.national_register.code)
    (asked,), (inquiry,) = stub.asked[0].proofs, stub.asked[0].inquiries
    assert (inquiry.legal_context, inquiry.information_customer.ticket) == (
        *("PCSW:REGISTRATION", "T1"),
    )
    assert inquiry.information_cbss.ticket_cbss == str(CALL.ticket)
    assert inquiry.information_cbss.received_at.ToDatetime(UTC) == NOW
    # Who asks there is for the trail alone.
    assert inquiry.information_customer.user_id == ""
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

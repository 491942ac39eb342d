"""What the directory makes of its peers' answers, and what it asks them."""

import asyncio

import pytest
from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import search_pb2

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.directory.model import Proof, ProofVerdict
from services.directory.peers.identification import PeerIdentification
from tests.services.directory.examples import (
    ANOTHER,
    NOW,
    PERSON,
)
from tests.support.stubs import Stub


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

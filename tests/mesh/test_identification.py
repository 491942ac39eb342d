"""Finding who somebody is, giving a number, replacing it: through the edge, to the trail."""

from uuid import uuid4

import asyncpg
import grpc
import pytest
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2, origin_pb2, search_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2

from sandbox.client import Operator
from tests.mesh.asking import DISABLED, IDENTIFICATION, head, identifying
from tests.support.waiting import until

EMPLOYEE = "90651803128"
"""Jan, whom the National Register knows and no register of the bank."""
BORN = date_pb2.Date(year=1971, month=11, day=30)


def described(last, sex="SEX_MALE"):
    birth = data_pb.LifeEvent(date=BORN, place=data_pb.Place(country_code="111"))
    name = data_pb.PersonName(last_name=last, first_names=["Zéphyrin"])
    return data_pb.LegalPersonData(name=name, birth=birth, sex=sex)


async def created(stub, who, last):
    request = bis_pb2.CreateBisPersonRequest(
        **who, request_id=str(uuid4()), person=described(last), proof_level="PROOF_LEVEL_DECLARED"
    )
    return await stub.CreateBisPerson(request, timeout=10)


async def test_finds_by_sound_and_the_trail_says_who_was_shown(mesh, trail):
    async with identifying(mesh) as (stub, who):
        phonetic = search_pb2.PhoneticCriteria(
            last_name="Duboys", first_name="Mark", birth_date=BORN
        )
        answer = await stub.SearchPersons(
            search_pb2.SearchPersonsRequest(**who, phonetic=phonetic), timeout=5
        )

    assert answer.status.code == "MSG00000"
    assert DISABLED in [one.ssin for one in answer.candidates]
    assert await trail.stages(answer.information_cbss.ticket_cbss) == [
        "INTENT",
        *["OUTCOME"] * len(answer.candidates),
    ]


@pytest.mark.parametrize(
    ("name", "purpose"), [("economy", IDENTIFICATION), ("pcsw-ghent", "PCSW:CURIOSITY")]
)
async def test_who_may_not_search_learns_nothing(mesh, trail, name, purpose):
    async with identifying(mesh, name) as (stub, who):
        who["legal_context"] = purpose
        answers = [
            await stub.SearchPersons(search_pb2.SearchPersonsRequest(**who, ssin=ssin), timeout=5)
            for ssin in (DISABLED, "99600000470")
        ]

    for answer in answers:
        assert (answer.status.code, len(answer.candidates)) == ("MSG00013", 0)
        assert await trail.stages(answer.information_cbss.ticket_cbss) == ["REFUSAL"]


async def test_a_card_proves_who_somebody_is(mesh):
    async with identifying(mesh) as (stub, who):
        proof = search_pb2.IdentityProof(ssin=DISABLED, card_number="591-9999901-79")
        answer = await stub.VerifyPerson(
            search_pb2.VerifyPersonRequest(**who, proof=proof), timeout=5
        )

    assert (answer.status.code, answer.verified) == ("MSG00000", True)


async def test_a_number_is_made_replaced_and_found_on_either(mesh, trail):
    async with identifying(mesh) as (stub, who):
        first = await created(stub, who, "Quatrebarbes")
        second = await created(stub, who, "Ypersele")
        old, new = first.created.ssin, second.created.ssin
        replaced = await stub.ReplaceSsin(
            bis_pb2.ReplaceSsinRequest(**who, ssin=old, replaced_by=new), timeout=5
        )
        found = await stub.SearchPersons(
            search_pb2.SearchPersonsRequest(**who, ssin=old), timeout=5
        )

    assert await trail.stages(first.information_cbss.ticket_cbss) == ["INTENT", "ACT"]
    assert (replaced.status.code, replaced.replaced_by) == ("MSG00000", new)
    assert [(one.ssin, one.replaces) for one in found.candidates] == [(new, old)]

    async def told():
        async with Operator.of(mesh.operator()) as operator:
            rpcs = {one.rpc.rpartition("/")[2] async for one in operator.trail(new, "a test")}
            others = [one.ticket_cbss async for one in operator.trail(old, "a test")]
        return first.information_cbss.ticket_cbss in others and "CreateBisPerson" in rpcs

    await until(told)


async def test_whom_the_national_register_knows_gets_no_second_number(mesh, trail):
    async with identifying(mesh) as (stub, who):
        person = described("Claes")
        person.name.first_names[:] = ["Jan"]
        person.birth.date.CopyFrom(date_pb2.Date(year=1990, month=5, day=18))
        request = bis_pb2.CreateBisPersonRequest(
            **who,
            request_id=str(uuid4()),
            person=person,
            proof_level="PROOF_LEVEL_AUTHENTIC_DOCUMENT",
        )
        shown = await stub.CreateBisPerson(request, timeout=10)
        found = await stub.SearchPersons(
            search_pb2.SearchPersonsRequest(**who, ssin=EMPLOYEE), timeout=5
        )

        await mesh.stop("rrn")
        try:
            without = await stub.CreateBisPerson(request, timeout=10)
            incomplete = await stub.SearchPersons(
                search_pb2.SearchPersonsRequest(**who, ssin=DISABLED), timeout=5
            )
        finally:
            await mesh.start("rrn")

    [one] = shown.possible_duplicates.candidates
    told = (EMPLOYEE, origin_pb2.ORIGIN_RN_RR)
    assert (one.ssin, one.origin) == told
    assert [(each.ssin, each.origin) for each in found.candidates] == [told]
    assert (without.status.code, without.WhichOneof("outcome")) == ("CBSS10005", None)
    assert incomplete.status.code == "HAN20200"
    assert [each.origin for each in incomplete.candidates] == [origin_pb2.ORIGIN_BCSS_KSZ]
    assert await trail.stages(shown.information_cbss.ticket_cbss) == ["INTENT", "OUTCOME"]
    assert await trail.stages(without.information_cbss.ticket_cbss) == ["INTENT", "ACT"]


async def test_directory_and_buffer_follow_what_was_replaced(mesh):
    async with identifying(mesh) as (stub, who):
        first = await created(stub, who, "Wauquiez")
        second = await created(stub, who, "Zwartjes")
        await stub.ReplaceSsin(
            bis_pb2.ReplaceSsinRequest(
                **who, ssin=first.created.ssin, replaced_by=second.created.ssin
            ),
            timeout=5,
        )
    last = await _one(mesh, "identification", "select max(sequence) from replacement")

    async def followed():
        return await _one(mesh, "buffer", "select sequence from followed") >= last

    await until(followed)


async def test_a_stranger_is_turned_away(mesh):
    async with mesh.stranger().channel() as channel:
        stub = rpc.IdentificationServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.SearchPersons(
                search_pb2.SearchPersonsRequest(**head("0899990348"), ssin=DISABLED), timeout=5
            )

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


async def _one(mesh, service, statement):
    dsn = (mesh.state.secrets / f"{service}-owner.dsn").read_text()
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()

"""A citizen with his card, and an institution with its certificate, read the trail at the edge."""

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc

from sandbox.client import Institution
from services.kit.clock import utc_now
from tests.mesh.asking import question
from tests.support.waiting import until

SSIN = "71713000318"


def window(request):
    now = utc_now().timestamp()
    request.recorded_from.FromSeconds(int(now) - 3600)
    request.recorded_until.FromSeconds(int(now) + 3600)
    return request


async def test_a_citizen_finds_the_consultation_with_its_proof(mesh):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        ticket = (await institution.consult(question())).information_cbss.ticket_cbss

    async with mesh.citizen(SSIN).channel() as channel:
        audit = rpc.AuditServiceStub(channel)
        found = []

        async def is_proved():
            request, found[:] = pb.ListMyConsultationsRequest(page_size=100), []
            while True:
                page = await audit.ListMyConsultations(request, timeout=5)
                found.extend(one for one in page.consultations if one.ticket_cbss == ticket)
                if not page.next_page_token:
                    return found and all(one.HasField("proof") for one in found)
                request.page_token = page.next_page_token

        await until(is_proved)

    [one] = found
    assert one.customer.cbe_number == institution.cbe_number
    assert one.customer.name
    assert one.data.nl == "Erkenning van een handicap"


async def test_an_institution_finds_its_own_exchanges(mesh):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        ticket = (await institution.consult(question())).information_cbss.ticket_cbss
    request = window(pb.ListOwnExchangesRequest(reason="our own check", page_size=1000))

    async with mesh.institution("pcsw-ghent").channel() as channel:
        answer = await rpc.AuditServiceStub(channel).ListOwnExchanges(request, timeout=5)

    assert {one.customer_cbe_number for one in answer.records} == {institution.cbe_number}
    assert ticket in {one.ticket_cbss for one in answer.records} or answer.next_page_token


async def test_an_institution_is_no_citizen_and_a_citizen_no_institution(mesh):
    for identity, method, request in (
        (mesh.institution("pcsw-ghent"), "ListMyConsultations", pb.ListMyConsultationsRequest()),
        (
            mesh.citizen(SSIN),
            "ListOwnExchanges",
            window(pb.ListOwnExchangesRequest(reason="curious")),
        ),
    ):
        async with identity.channel() as channel:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await getattr(rpc.AuditServiceStub(channel), method)(request, timeout=5)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED

"""A citizen with his card, and an institution with its certificate, read the trail at the edge."""

from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_pb2
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from google.type import date_pb2

from cli.citizen import read
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


async def test_the_extract_holds_what_was_reported_and_what_was_decided(mesh):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        await institution.consult(question())
    source = next(
        leg.cbe_number
        for one in (await read(mesh.citizen(SSIN))).consultations
        for leg in one.sources
        if one.data_contract == "HANDICAP"
    )
    datum = error_report_pb2.Datum(
        data_contract="HANDICAP", field_path="handicap_recognitions", source_cbe_number=source
    )
    report = report_pb.ReportErrorRequest(
        report_id=str(uuid4()), datum=datum, claim=error_report_pb2.ERROR_CLAIM_OUTDATED
    )
    fact = decision_pb.UsedFact(
        data_contract="HANDICAP",
        source_cbe_number=source,
        as_of_date=date_pb2.Date(year=2026, month=11, day=1),
    )
    decision = decision_pb.Decision(
        right="SOCIAL_TARIFF",
        outcome=decision_pb.DECISION_OUTCOME_GRANTED,
        facts_used=[fact],
        legal_means_url="https://centre.example/means",
    )
    told = decision_pb.RecordDecisionRequest(decision_id=str(uuid4()), ssin=SSIN, decision=decision)

    async with mesh.citizen(SSIN).channel() as channel:
        await report_rpc.ErrorReportServiceStub(channel).ReportError(report, timeout=5)
    async with mesh.institution("pcsw-ghent").channel() as channel:
        await decision_rpc.DecisionNoticeServiceStub(channel).RecordDecision(told, timeout=5)
    made = await read(mesh.citizen(SSIN))

    assert made.files
    assert SSIN in {one.ssin for one in made.numbers}
    assert {one.ssin for one in made.data} == {one.ssin for one in made.numbers}
    assert report.report_id in {one.report_id for one in made.reports}
    [notice] = [one for one in made.decisions if one.decision_id == told.decision_id]
    assert (notice.cbe_number, notice.decision) == (institution.cbe_number, decision)
    # The report and the decision stand among what was done with the person's data.
    tickets = {one.ticket_cbss for one in made.consultations}
    assert {report.report_id, told.decision_id} <= tickets

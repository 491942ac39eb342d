"""What a welfare centre got is wrong: its source hears of it, and it of the correction; what it
decides, the person hears of."""

from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import error_report_service_pb2 as pb
from cbss.audit.v1 import error_report_service_pb2_grpc as rpc
from cbss.identification.v1 import search_pb2
from google.type import date_pb2

from sandbox.organizations import organizations
from tests.mesh.asking import DISABLED, MOTHER, consult, identifying, reason

CORRECTED = noun_pb.ERROR_REPORT_STATE_CORRECTED


def report(
    ssin=DISABLED,
    contract="HANDICAP",
    field="handicap_recognitions.decision_status",
    source="dgph",
):
    datum = noun_pb.Datum(
        data_contract=contract,
        field_path=field,
        source_cbe_number=organizations()[source].cbe_number,
    )
    claim = noun_pb.ERROR_CLAIM_OUTDATED
    return pb.ReportErrorRequest(report_id=str(uuid4()), ssin=ssin, datum=datum, claim=claim)


async def call(identity, method, asked):
    async with identity.channel() as channel:
        return await getattr(rpc.ErrorReportServiceStub(channel), method)(asked, timeout=5)


async def every(identity, method, asked, field):
    """All pages of a list."""
    found = []
    while True:
        page = await call(identity, method, asked)
        found.extend(getattr(page, field))
        if not page.next_page_token:
            return found
        asked.page_token = page.next_page_token


async def test_a_report_comes_to_its_source_and_the_correction_to_who_got_the_datum(mesh, trail):
    await consult(mesh)
    centre, source = mesh.institution("pcsw-ghent"), mesh.institution("dgph")
    made = (await call(centre, "ReportError", report())).report

    reports = await every(source, "ListErrorReports", pb.ListErrorReportsRequest(), "reports")
    assert made in reports
    own = await every(
        mesh.citizen(DISABLED), "ListErrorReports", pb.ListErrorReportsRequest(), "reports"
    )
    assert made in own
    decision = pb.DecideErrorReportRequest(report_id=made.report_id, state=CORRECTED)
    await call(source, "DecideErrorReport", decision)

    waiting = pb.ListCorrectionNoticesRequest(unacknowledged_only=True)
    notices = await every(centre, "ListCorrectionNotices", waiting, "notices")
    [notice] = [one for one in notices if one.report_id == made.report_id]
    assert (notice.ssin, notice.datum) == (DISABLED, made.datum)
    seen = pb.AcknowledgeCorrectionNoticeRequest(report_id=made.report_id)
    await call(centre, "AcknowledgeCorrectionNotice", seen)
    assert await trail.stages(made.report_id) == ["ACT", "ACT", "ACT"]


async def test_what_a_search_showed_of_a_register_is_corrected_by_who_keeps_it(mesh):
    async with identifying(mesh) as (stub, who):
        asked = search_pb2.SearchPersonsRequest(**who, ssin=DISABLED)
        assert (await stub.SearchPersons(asked, timeout=5)).candidates
    centre, register = mesh.institution("pcsw-ghent"), mesh.institution("rrn")

    told = report(contract="PERSON_SEARCH", field="last_name", source="rrn")
    made = (await call(centre, "ReportError", told)).report
    decision = pb.DecideErrorReportRequest(report_id=made.report_id, state=CORRECTED)
    await call(register, "DecideErrorReport", decision)

    waiting = pb.ListCorrectionNoticesRequest(unacknowledged_only=True)
    notices = await every(centre, "ListCorrectionNotices", waiting, "notices")
    assert made.report_id in [one.report_id for one in notices]


async def test_who_did_not_get_a_datum_may_not_report_it_and_the_try_is_an_act(mesh, trail):
    asked = report(MOTHER)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(mesh.institution("pcsw-liege"), "ReportError", asked)

    assert reason(refused.value) == "DATUM_NOT_RECEIVED"
    [act] = await trail.of_ticket(asked.report_id)
    assert act.reason == "DATUM_NOT_RECEIVED"


async def test_a_person_reads_a_decision_and_the_facts_it_was_taken_on(mesh, trail):
    await consult(mesh)
    fact = decision_pb.UsedFact(
        data_contract="HANDICAP",
        source_cbe_number=organizations()["dgph"].cbe_number,
        as_of_date=date_pb2.Date(year=2026, month=11, day=1),
    )
    told = decision_pb.RecordDecisionRequest(
        decision_id=str(uuid4()),
        ssin=DISABLED,
        decision=decision_pb.Decision(
            right="LIVING_WAGE",
            outcome=decision_pb.DECISION_OUTCOME_GRANTED,
            facts_used=[fact],
            legal_means_url="https://ghent.example/appeal",
        ),
    )
    async with mesh.institution("pcsw-ghent").channel() as channel:
        await decision_rpc.DecisionNoticeServiceStub(channel).RecordDecision(told, timeout=5)

    async with mesh.citizen(DISABLED).channel() as channel:
        mine = decision_rpc.DecisionNoticeServiceStub(channel)
        page = await mine.ListMyDecisions(decision_pb.ListMyDecisionsRequest(), timeout=5)

    [notice] = [one for one in page.notices if one.decision_id == told.decision_id]
    assert notice.decision == told.decision
    assert notice.name
    assert await trail.stages(told.decision_id) == ["ACT"]


async def test_a_university_tells_nobody_of_a_decision(mesh, trail):
    told = decision_pb.RecordDecisionRequest(
        decision_id=str(uuid4()),
        ssin=DISABLED,
        decision=decision_pb.Decision(
            right="LIVING_WAGE",
            outcome=decision_pb.DECISION_OUTCOME_GRANTED,
            facts_used=[
                decision_pb.UsedFact(
                    data_contract="HANDICAP",
                    source_cbe_number=organizations()["dgph"].cbe_number,
                    as_of_date=date_pb2.Date(year=2026, month=11, day=1),
                )
            ],
            legal_means_url="https://university.example/appeal",
        ),
    )
    async with mesh.institution("university").channel() as channel:
        stub = decision_rpc.DecisionNoticeServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as link:
            await stub.RecordDecision(told, timeout=5)
    async with mesh.institution("economy").channel() as channel:
        stub = decision_rpc.DecisionNoticeServiceStub(channel)
        told.decision.legal_means_url = "https://energy.example/appeal"
        with pytest.raises(grpc.aio.AioRpcError) as facts:
            await stub.RecordDecision(told, timeout=5)

    assert reason(link.value) == "INVALID_ARGUMENT"
    assert reason(facts.value) == "DATUM_NOT_RECEIVED"
    acts = await trail.of_ticket(told.decision_id)
    assert [one.reason for one in acts] == ["INVALID_ARGUMENT", "DATUM_NOT_RECEIVED"]

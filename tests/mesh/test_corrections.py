"""What a welfare centre got is wrong: the source hears of it, corrects, and the centre is told."""

from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import error_report_service_pb2 as pb
from cbss.audit.v1 import error_report_service_pb2_grpc as rpc

from sandbox.organizations import organizations
from tests.mesh.asking import DISABLED, MOTHER, consult, reason

CORRECTED = noun_pb.ERROR_REPORT_STATE_CORRECTED


def report(ssin=DISABLED):
    datum = noun_pb.Datum(
        data_contract="HANDICAP",
        field_path="handicap_recognitions.decision_status",
        source_cbe_number=organizations()["dgph"].cbe_number,
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


async def test_who_did_not_get_a_datum_may_not_report_it_and_the_try_is_an_act(mesh, trail):
    asked = report(MOTHER)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(mesh.institution("pcsw-liege"), "ReportError", asked)

    assert reason(refused.value) == "DATUM_NOT_RECEIVED"
    [act] = await trail.of_ticket(asked.report_id)
    assert act.reason == "DATUM_NOT_RECEIVED"

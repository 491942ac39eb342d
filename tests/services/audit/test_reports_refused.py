"""Reports and decisions that cannot be used, and callers that may not make them."""

from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import error_report_service_pb2 as pb
from cbss.audit.v1 import error_report_service_pb2_grpc as rpc

from sandbox.authority import Authority
from services.audit.callers import CALLERS
from tests.services.audit.reporting import (
    DATUM,
    GHENT,
    OTHER,
    SOURCE,
    STRANGER,
    acts,
    card,
    outcome,
    recorded,
    refusal,
    report,
    turned_away,
    violations,
)
from tests.services.audit.serving import SSIN


@pytest.mark.parametrize(
    "wrong",
    [
        {"report_id": "x"},
        {"ssin": "71713000319"},
        {"ssin": ""},
        {"claim": 0},
        {"claim": 5},
        {"datum": None},
        {"datum": noun_pb.Datum(data_contract="h", field_path="a", source_cbe_number=SOURCE)},
        {"datum": noun_pb.Datum(data_contract="H", field_path="A!", source_cbe_number=SOURCE)},
        {"datum": noun_pb.Datum(data_contract="H", field_path="a", source_cbe_number="1")},
        {"evidence_reference": "a text with what is wrong"},
        {"evidence_reference": "x" * 65},
        {"evidence_reference": f"file:{SSIN}"},
        {"evidence_reference": "https://evil.example/x"},
        {"evidence_reference": "www.evil.example"},
    ],
)
async def test_refuses_a_report_that_cannot_be_used(audit, by, ask, wrong):
    assert await refusal(ask("ReportError", by[GHENT], **report(**wrong))) == "INVALID_ARGUMENT"
    assert audit.reports.held == {}


@pytest.mark.parametrize(
    ("datum", "field"),
    [
        ({"field_path": "nope.nope"}, "datum.field_path"),
        ({"field_path": "handicap_recognitions.nope"}, "datum.field_path"),
        ({"field_path": "handicap_recognitions.decision_status.code"}, "datum.field_path"),
        ({"data_contract": "NOPE"}, "datum.data_contract"),
    ],
)
@pytest.mark.parametrize("who", ["organization", "citizen"])
async def test_a_field_that_the_contract_does_not_have_is_refused_by_its_name(
    audit, by, ask, datum, field, who
):
    await recorded(audit, outcome())
    wrong = noun_pb.Datum()
    wrong.CopyFrom(DATUM)
    wrong.MergeFrom(noun_pb.Datum(**datum))
    told = report(datum=wrong, ssin=SSIN if who == "organization" else "")

    with pytest.raises(grpc.aio.AioRpcError) as fault:
        await ask("ReportError", by[GHENT] if who == "organization" else card(), **told)

    assert [one.field for one in violations(fault)] == [field]
    assert audit.reports.held == {}
    assert acts(audit, told["report_id"]) == [("ReportError", "INVALID_ARGUMENT", True)]


async def test_a_citizen_reports_about_himself_only(audit, by, ask):
    assert await refusal(ask("ReportError", card(), **report(ssin=OTHER))) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "wrong",
    [
        {"report_id": "x"},
        {"state": 0},
        {"state": noun_pb.ERROR_REPORT_STATE_OPEN},
        {"state": noun_pb.ERROR_REPORT_STATE_REFUSED},
        {"refusal_ground": noun_pb.ERROR_REFUSAL_GROUND_DATUM_RIGHT},
        {"state": noun_pb.ERROR_REPORT_STATE_REFUSED, "refusal_ground": 9},
    ],
)
async def test_refuses_a_decision_that_cannot_be_used(by, ask, wrong):
    held = {"report_id": str(uuid4()), "state": noun_pb.ERROR_REPORT_STATE_CORRECTED}

    assert await refusal(ask("DecideErrorReport", by[SOURCE], **{**held, **wrong})) == (
        "INVALID_ARGUMENT"
    )


async def test_a_report_to_nobody_is_refused(audit, by, ask):
    datum = noun_pb.Datum(data_contract="H", field_path="a", source_cbe_number=STRANGER)

    assert await refusal(ask("ReportError", card(), **report(datum=datum))) == "SOURCE_UNKNOWN"


@pytest.mark.parametrize("method", ["ReportError", "ListErrorReports", "ListCorrectionNotices"])
async def test_who_is_not_known_does_and_reads_nothing(audit, by, ask, method):
    what = report() if method == "ReportError" else {}
    founded = Authority.founded("institutions of the tests")

    assert await refusal(ask(method, by[STRANGER], **what)) == "ORGANIZATION_UNKNOWN"
    assert await refusal(ask(method, [], **what)) == "CALLER_UNKNOWN"
    if method != "ListCorrectionNotices":
        assert await refusal(ask(method, card(authority=founded), **what)) == "CITIZEN_UNKNOWN"
    strangers = ["ORGANIZATION_UNKNOWN"]
    if method != "ListCorrectionNotices":
        strangers.append("CITIZEN_UNKNOWN")
    assert turned_away(audit) == strangers


@pytest.mark.parametrize(
    "name", [one for one in CALLERS if one.startswith("cbss.audit.v1.ErrorReportService/")]
)
async def test_who_is_not_listed_is_refused(audit, name):
    method = name.rpartition("/")[2]
    [listed] = CALLERS[name]
    other = "gateway" if listed == "operator" else "operator"
    raw = rpc.ErrorReportServiceStub(await audit.raw(audit.workload(other)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(raw, method)(getattr(pb, f"{method}Request")())

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED

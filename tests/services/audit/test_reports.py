"""A suspected error comes to its source, is followed to its end, and a correction to who got it."""

from datetime import date
from uuid import uuid4

import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import error_report_service_pb2 as pb
from cbss.audit.v1 import error_report_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2
from google.type import date_pb2

from services.audit.trail.model import Stage
from services.kit.errors import StoreUnavailable
from tests.services.audit.reporting import (
    DATUM,
    GHENT,
    INSPECTION,
    LIEGE,
    OTHER,
    SOURCE,
    acts,
    card,
    outcome,
    recorded,
    refusal,
    report,
)
from tests.services.audit.serving import SSIN, record, stub


async def test_an_organization_reports_and_its_source_reads_it_and_corrects(audit, by, ask):
    await recorded(audit, outcome(), outcome(LIEGE))
    told = report(evidence_reference="file:2026/12")

    made = (await ask("ReportError", by[GHENT], **told)).report
    [listed] = (await ask("ListErrorReports", by[SOURCE])).reports
    accepted = await ask(
        "DecideErrorReport",
        by[SOURCE],
        report_id=made.report_id,
        state=noun_pb.ERROR_REPORT_STATE_ACCEPTED,
    )
    corrected = await ask(
        "DecideErrorReport",
        by[SOURCE],
        report_id=made.report_id,
        state=noun_pb.ERROR_REPORT_STATE_CORRECTED,
    )

    assert made == listed
    assert (made.ssin, made.datum, made.reporter_cbe_number) == (SSIN, DATUM, GHENT)
    assert (made.state, made.claim) == (noun_pb.ERROR_REPORT_STATE_OPEN, told["claim"])
    assert (made.due_date.year, made.due_date.month, made.due_date.day) == (2026, 12, 24)
    assert accepted.report.state == noun_pb.ERROR_REPORT_STATE_ACCEPTED
    assert corrected.report.HasField("decided_at")
    assert acts(audit, made.report_id) == [
        ("ReportError", "", True),
        ("DecideErrorReport", "", True),
        ("DecideErrorReport", "", True),
    ]
    for number in (GHENT, LIEGE):
        [notice] = (await ask("ListCorrectionNotices", by[number])).notices
        assert (notice.ssin, notice.datum, notice.report_id) == (SSIN, DATUM, made.report_id)
    assert (await ask("ListCorrectionNotices", by[SOURCE])).notices == []


@pytest.mark.parametrize(
    "foreign",
    [
        outcome(LIEGE, days_ago=26 * 31),
        outcome(LIEGE, data_contract="LIVING_WAGE"),
        outcome(LIEGE, source="0899990645"),
        outcome(LIEGE, leg=status_pb2.STATUS_VALUE_NO_DATA_FOUND),
        outcome(LIEGE, status=status_pb2.STATUS_VALUE_NO_RESULT),
        outcome(LIEGE, stage=record_pb.EXCHANGE_STAGE_INTENT),
        outcome(LIEGE, filtered_elements=["handicap_recognitions"]),
        # A person of a batch that has not ended, and of a page that was read.
        outcome(LIEGE, stage=record_pb.EXCHANGE_STAGE_LINE, status=0, leg=0),
        outcome(
            LIEGE,
            stage=record_pb.EXCHANGE_STAGE_PUSH,
            status=status_pb2.STATUS_VALUE_TECHNICAL_ERROR,
        ),
        # What is recorded of a report names the source too.
        outcome(LIEGE, stage=record_pb.EXCHANGE_STAGE_ACT, status=0, leg=0),
    ],
    ids=[
        *("old", "contract", "source", "no data", "no result", "intent", "cut", "line", "push"),
        "act",
    ],
)
async def test_who_did_not_get_the_datum_may_not_report_it_and_is_not_told(audit, by, ask, foreign):
    await recorded(audit, outcome(), foreign)

    assert await refusal(ask("ReportError", by[LIEGE], **report())) == "DATUM_NOT_RECEIVED"
    made = (await ask("ReportError", by[GHENT], **report())).report
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED
    await ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)

    assert (await ask("ListCorrectionNotices", by[LIEGE])).notices == []
    assert len((await ask("ListCorrectionNotices", by[GHENT])).notices) == 1


async def test_everybody_on_the_way_is_told(audit, by, ask):
    await recorded(audit, outcome(caller_cbe_number=LIEGE, final_recipient_cbe_number=INSPECTION))
    made = (await ask("ReportError", card(), **report(ssin=""))).report
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED
    await ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)

    for number in (GHENT, LIEGE, INSPECTION):
        assert len((await ask("ListCorrectionNotices", by[number])).notices) == 1


PUSH, LINE = record_pb.EXCHANGE_STAGE_PUSH, record_pb.EXCHANGE_STAGE_LINE
ACT = record_pb.EXCHANGE_STAGE_ACT


@pytest.mark.parametrize(
    "delivered",
    [
        outcome(LIEGE, stage=LINE),
        outcome(LIEGE, stage=PUSH),
        # A notice answers nothing: it may say nothing of how it ended.
        outcome(LIEGE, stage=PUSH, status=0, leg=0),
        # Who registers somebody is shown those who may be the same.
        outcome(LIEGE, stage=ACT),
    ],
)
async def test_who_got_it_in_a_batch_or_unasked_or_in_an_act_is_told_too_and_may_report(
    audit, by, ask, delivered
):
    await recorded(audit, delivered)

    made = (await ask("ReportError", by[LIEGE], **report())).report
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED
    await ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)

    [notice] = (await ask("ListCorrectionNotices", by[LIEGE])).notices
    assert (notice.report_id, notice.ssin) == (made.report_id, SSIN)


async def test_a_citizen_reports_and_reads_what_concerns_him_and_nothing_else(audit, by, ask):
    foreign = outcome()
    foreign.subject_ssin = OTHER
    await recorded(audit, outcome(), foreign)

    mine = (await ask("ReportError", card(), **report(ssin=""))).report
    theirs = (await ask("ReportError", by[GHENT], **report())).report
    await ask("ReportError", by[GHENT], **report(ssin=OTHER))
    listed = (await ask("ListErrorReports", card())).reports

    assert list(listed) == [mine, theirs]
    assert (mine.ssin, mine.reporter_cbe_number) == (SSIN, "")
    _, row = audit.records.rows[-1]
    assert (row.entry.stage, row.entry.subject.digits) == (Stage.READING, SSIN)
    assert SSIN.encode() not in row.entry.ground.content + row.entry.instance


async def test_what_an_inspection_got_is_not_betrayed_by_its_report_or_notice(audit, by, ask):
    context = "INSPECTION:FRAUD"
    await recorded(audit, outcome(INSPECTION, legal_context=context))
    made = (await ask("ReportError", by[INSPECTION], **report())).report
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED
    await ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)
    await ask("ListCorrectionNotices", by[INSPECTION])

    raw = await audit.raw(audit.workload("gateway"))
    consultations = await audit_rpc.AuditServiceStub(raw).ListMyConsultations(
        audit_pb.ListMyConsultationsRequest(), metadata=card()
    )

    assert (await ask("ListErrorReports", card())).reports == []
    assert {one.customer.cbe_number for one in consultations.consultations} == {""}


async def test_no_page_of_reports_tells_that_one_is_withheld(audit, by, ask):
    await recorded(audit, outcome(INSPECTION, legal_context="INSPECTION:FRAUD"), outcome())
    for who in (INSPECTION, GHENT, INSPECTION, GHENT, INSPECTION):
        await ask("ReportError", by[who], **report())

    mine = card()
    first = await ask("ListErrorReports", mine, page_size=1)
    second = await ask("ListErrorReports", mine, page_size=1, page_token=first.next_page_token)

    pages = [[one.reporter_cbe_number for one in page.reports] for page in (first, second)]
    assert (pages, second.next_page_token) == ([[GHENT], [GHENT]], "")


async def test_the_purpose_that_is_shown_first_is_the_one_a_notice_names(audit, by, ask):
    await recorded(
        audit,
        outcome(legal_context="INSPECTION:FRAUD"),
        outcome(),
        outcome(legal_context="INSPECTION:FRAUD"),
    )
    made = (await ask("ReportError", by[GHENT], **report())).report

    assert [one.told.legal_context for one in audit.reports.held.values()] == ["PCSW:MEANS_TEST"]
    assert list((await ask("ListErrorReports", card())).reports) == [made]


async def test_a_report_is_made_once_and_another_under_its_name_is_refused(audit, by, ask):
    await recorded(audit, outcome())
    told = report()
    first = await ask("ReportError", by[GHENT], **told)
    audit.day.append(date(2030, 1, 1))
    again = await ask("ReportError", by[GHENT], **told)
    audit.day.pop()

    assert again.report.report_id == first.report.report_id
    assert again.report.due_date == first.report.due_date
    for other in ({"claim": noun_pb.ERROR_CLAIM_INCORRECT}, {"ssin": OTHER}):
        call = ask("ReportError", by[GHENT], **{**told, **other})
        assert await refusal(call) == "ERROR_REPORT_DIFFERS"
    assert acts(audit, told["report_id"]) == [
        ("ReportError", "", True),
        ("ReportError", "NOTHING_CHANGED", True),
        ("ReportError", "ERROR_REPORT_DIFFERS", True),
        ("ReportError", "ERROR_REPORT_DIFFERS", True),
    ]


async def test_only_the_source_decides_and_only_what_may_be(audit, by, ask):
    await recorded(audit, outcome())
    made = (await ask("ReportError", by[GHENT], **report())).report

    def decide(who, state, **others):
        number = getattr(noun_pb, f"ERROR_REPORT_STATE_{state}")
        what = {"report_id": made.report_id, "state": number, **others}
        return ask("DecideErrorReport", who, **what)

    right = noun_pb.ERROR_REFUSAL_GROUND_DATUM_RIGHT
    assert await refusal(decide(by[GHENT], "CORRECTED")) == "ERROR_REPORT_UNKNOWN"
    unknown = decide(by[SOURCE], "CORRECTED", report_id=str(uuid4()))
    assert await refusal(unknown) == "ERROR_REPORT_UNKNOWN"
    assert await refusal(decide(card(), "CORRECTED")) == "ORGANIZATION_UNKNOWN"
    await decide(by[SOURCE], "REFUSED", refusal_ground=right)
    again = await decide(by[SOURCE], "REFUSED", refusal_ground=right)
    assert again.report.refusal_ground == right
    assert await refusal(decide(by[SOURCE], "CORRECTED")) == "DECISION_NOT_ALLOWED"
    assert [told for _, told, _ in acts(audit, made.report_id)] == [
        *("", "ERROR_REPORT_UNKNOWN", "", "NOTHING_CHANGED", "DECISION_NOT_ALLOWED"),
    ]
    assert (await ask("ListCorrectionNotices", by[GHENT])).notices == []


async def test_who_decides_at_the_same_time_as_another_is_told(audit, by, ask, monkeypatch):
    await recorded(audit, outcome())
    made = (await ask("ReportError", by[GHENT], **report())).report

    async def lost(*_):
        return None

    monkeypatch.setattr(audit.reports, "decide", lost)
    state = noun_pb.ERROR_REPORT_STATE_ACCEPTED
    call = ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)

    assert await refusal(call) == "DECIDED_MEANWHILE"
    assert acts(audit, made.report_id)[-1] == ("DecideErrorReport", "DECIDED_MEANWHILE", True)


async def test_what_is_late_is_listed_to_the_source_and_to_operators_without_the_person(
    audit, by, ask
):
    await recorded(audit, outcome())
    await ask("ReportError", by[GHENT], **report())
    operator = rpc.ErrorReportServiceStub(await audit.raw(audit.workload("operator")))
    question = pb.ListOverdueErrorReportsRequest(reason="monthly follow-up")

    audit.day.append(date(2026, 12, 24))
    assert (await ask("ListErrorReports", by[SOURCE], overdue_only=True)).reports == []
    assert (await operator.ListOverdueErrorReports(question)).reports == []
    audit.day.append(date(2026, 12, 25))
    [late] = (await ask("ListErrorReports", by[SOURCE], overdue_only=True)).reports
    [seen] = (await operator.ListOverdueErrorReports(question)).reports

    assert late.is_overdue
    assert seen.is_overdue
    assert (late.ssin, seen.ssin) == (SSIN, "")
    assert audit.records.rows[-1][1].entry.stage is Stage.READING


async def test_a_notice_waits_for_its_acknowledgement(audit, by, ask):
    await recorded(audit, outcome())
    made = (await ask("ReportError", card(), **report(ssin=SSIN))).report
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED
    await ask("DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state)

    first = await ask("AcknowledgeCorrectionNotice", by[GHENT], report_id=made.report_id)
    again = await ask("AcknowledgeCorrectionNotice", by[GHENT], report_id=made.report_id)
    foreign = ask("AcknowledgeCorrectionNotice", by[LIEGE], report_id=made.report_id)

    assert first.notice.HasField("acknowledged_at")
    assert again == first
    assert await refusal(foreign) == "CORRECTION_NOTICE_UNKNOWN"
    waiting = await ask("ListCorrectionNotices", by[GHENT], unacknowledged_only=True)
    assert waiting.notices == []
    assert [told for _, told, _ in acts(audit, made.report_id)] == [
        *("", "", "", "NOTHING_CHANGED", "CORRECTION_NOTICE_UNKNOWN"),
    ]


async def test_a_page_is_recorded_with_a_line_for_each_person_and_goes_on(audit, by, ask):
    foreign = outcome()
    foreign.subject_ssin = OTHER
    await recorded(audit, outcome(), foreign)
    for ssin in (SSIN, OTHER, SSIN):
        await ask("ReportError", by[GHENT], **report(ssin=ssin))
    before = len(audit.records.rows)

    first = await ask("ListErrorReports", by[SOURCE], page_size=2)
    token = first.next_page_token
    second = await ask("ListErrorReports", by[SOURCE], page_size=2, page_token=token)

    assert [one.ssin for one in (*first.reports, *second.reports)] == [SSIN, OTHER, SSIN]
    assert second.next_page_token == ""
    rows = [row.entry for _, row in audit.records.rows[before:]]
    assert [row.stage for row in rows] == [
        *(Stage.READING, Stage.LINE, Stage.LINE, Stage.READING, Stage.LINE),
    ]
    assert [row.subject.digits for row in rows if row.subject] == [SSIN, OTHER, SSIN]
    foreign_token = ask("ListErrorReports", by[GHENT], page_size=2, page_token=token)
    assert await refusal(foreign_token) == "PAGE_TOKEN_INVALID"


async def test_a_person_with_another_number_now_finds_the_report_about_the_old_one(audit, by, ask):
    await recorded(audit, outcome())
    made = (await ask("ReportError", by[GHENT], **report())).report
    told = audit_pb.RecordReplacementRequest(
        event_id=str(uuid4()), ssin=SSIN, replaced_by=OTHER, occurred_at=record().occurred_at
    )
    await (await stub(audit, "identification")).RecordReplacement(told)

    assert list((await ask("ListErrorReports", card(OTHER))).reports) == [made]


async def test_a_second_report_under_one_name_betrays_no_inspection_either(audit, by, ask):
    await recorded(audit, outcome(INSPECTION, legal_context="INSPECTION:FRAUD"))
    told = report()
    await ask("ReportError", by[INSPECTION], **told)
    other = {**told, "claim": noun_pb.ERROR_CLAIM_INCORRECT}
    assert await refusal(ask("ReportError", by[INSPECTION], **other)) == "ERROR_REPORT_DIFFERS"

    contexts = [row.entry.ground.legal_context for _, row in audit.records.rows]
    assert contexts == ["INSPECTION:FRAUD"] * 3


@pytest.mark.parametrize("method", ["ReportError", "DecideErrorReport", "RecordDecision"])
async def test_without_a_durable_record_nothing_is_done(audit, by, ask, monkeypatch, method):
    await recorded(audit, outcome())
    made = (await ask("ReportError", by[GHENT], **report())).report
    held = dict(audit.reports.held)
    raw = decision_rpc.DecisionNoticeServiceStub(await audit.raw(audit.workload("gateway")))
    fact = decision_pb.UsedFact(
        data_contract="HANDICAP",
        source_cbe_number=SOURCE,
        as_of_date=date_pb2.Date(year=2026, month=11, day=1),
    )
    said = decision_pb.Decision(
        right="A",
        outcome=decision_pb.DECISION_OUTCOME_ENDED,
        facts_used=[fact],
        legal_means_url="https://ghent.example",
    )
    decision = decision_pb.RecordDecisionRequest(decision_id=str(uuid4()), ssin=SSIN, decision=said)
    state = noun_pb.ERROR_REPORT_STATE_CORRECTED

    async def away(*_):
        raise StoreUnavailable

    monkeypatch.setattr(audit.records, "add", away)
    calls = {
        "ReportError": lambda: ask("ReportError", by[GHENT], **report()),
        "DecideErrorReport": lambda: ask(
            "DecideErrorReport", by[SOURCE], report_id=made.report_id, state=state
        ),
        "RecordDecision": lambda: raw.RecordDecision(decision, metadata=by[GHENT]),
    }

    assert await refusal(calls[method]()) == "STORE_UNAVAILABLE"
    assert audit.reports.held == held
    assert audit.decisions.held == {}

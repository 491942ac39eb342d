"""What was recorded, and the sentence that the person reads: one table of all that can happen."""

import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2

from services.audit.trail.rules.telling import DEEDS, RESULTS, Deed, Result
from services.audit.trail.wire.records import decode_entry
from services.audit.trail.words import words
from services.concepts.citizen import OWN_RIGHT
from services.concepts.trail import NOTHING_CHANGED
from tests.services.audit.reporting import GHENT, card, recorded
from tests.services.audit.serving import record
from tests.services.audit.test_citizens import asked

IDENTIFICATION = "cbss.identification.v1.IdentificationService"
DIRECTORY = "cbss.directory.v1.DirectoryService"
AUDIT = "cbss.audit.v1.AuditService"
REPORTS, DECISIONS = "cbss.audit.v1.ErrorReportService", "cbss.audit.v1.DecisionNoticeService"
CONSULT = "cbss.routing.v1.RoutingService/Consult"
NOTICES = "cbss.routing.v1.NoticeService"
BATCHES = "cbss.routing.v1.BatchService"
SUBMISSIONS = "cbss.routing.v1.SubmissionService"
INTENT, OUTCOME, REFUSAL, READING, ACT, PUSH, LINE = (
    getattr(record_pb, f"EXCHANGE_STAGE_{name}")
    for name in ("INTENT", "OUTCOME", "REFUSAL", "READING", "ACT", "PUSH", "LINE")
)
FOUND, NOTHING, INCOMPLETE, NO_RESULT, FAILED = (
    getattr(status_pb2, f"STATUS_VALUE_{name}")
    for name in ("DATA_FOUND", "NO_DATA_FOUND", "INCOMPLETE_DATA", "NO_RESULT", "TECHNICAL_ERROR")
)
A, B, C = "0899990744", "0899990942", "0899991041"
LOOK, CHANGE = Deed.LOOK, Deed.CHANGE


def leg(number, status=0, code=""):
    return record_pb.SourceLeg(supplier_cbe_number=number, status_value=status, status_code=code)


def row(
    rpc, stage, value, deed, result, *, denied="", reason="", legs=(), gave=(), vain=(), **more
):
    """A record, and what it is: who was refused, why, which sources; and who is told of."""
    return (
        {
            "rpc": rpc,
            "stage": stage,
            "status_value": value,
            "reason": denied or reason,
            "sources": list(legs),
            **more,
        },
        not denied,
        (deed, result),
        (list(gave), list(vain)),
    )


VERIFY = f"{IDENTIFICATION}/VerifyPerson"
ALL_LEGS = (leg(A, FOUND), leg(B, NOTHING), leg(C, FAILED))
TABLE = [
    # A consultation: begun, found, found in part, nothing found, nobody asked, failed, given up.
    row(CONSULT, INTENT, 0, LOOK, Result.BEGUN, legs=[leg(A)], vain=[A]),
    row(CONSULT, OUTCOME, FOUND, LOOK, Result.DONE, legs=[leg(A, FOUND)], gave=[A]),
    row(CONSULT, OUTCOME, INCOMPLETE, LOOK, Result.DONE, legs=ALL_LEGS, gave=[A], vain=[B, C]),
    row(CONSULT, OUTCOME, INCOMPLETE, LOOK, Result.FAILED, legs=ALL_LEGS[1:], vain=[B, C]),
    row(CONSULT, OUTCOME, NOTHING, LOOK, Result.NOTHING, legs=[leg(A, NOTHING)], vain=[A]),
    row(CONSULT, OUTCOME, NOTHING, LOOK, Result.NOTHING),
    row(CONSULT, OUTCOME, NOTHING, LOOK, Result.NOTHING, legs=[leg(A, NOTHING, "MSG00021")]),
    row(CONSULT, OUTCOME, 0, LOOK, Result.FAILED, reason="CANCELED", legs=[leg(A)], vain=[A]),
    row(CONSULT, REFUSAL, NO_RESULT, LOOK, Result.REFUSED, denied="CUSTOMER_NOT_INTEGRATED"),
    row(CONSULT, REFUSAL, NOTHING, LOOK, Result.REFUSED, denied="PERSON_DECEASED"),
    row(CONSULT, REFUSAL, 0, LOOK, Result.REFUSED, denied="VOLUME_SPENT", legs=[leg(A)]),
    # A person of a batch.
    row(CONSULT, LINE, 0, Deed.GROUP_LOOK, Result.BEGUN),
    row(CONSULT, LINE, FOUND, Deed.GROUP_LOOK, Result.DONE, legs=[leg(A, FOUND)], gave=[A]),
    row(CONSULT, LINE, NOTHING, Deed.GROUP_LOOK, Result.NOTHING),
    row(CONSULT, LINE, FAILED, Deed.GROUP_LOOK, Result.FAILED, legs=[leg(A, FAILED)], vain=[A]),
    row(CONSULT, LINE, NO_RESULT, Deed.GROUP_LOOK, Result.REFUSED, denied="SSIN_UNKNOWN"),
    row(
        *(f"{BATCHES}/SubmitBatch", LINE, FOUND, Deed.GROUP_LOOK, Result.DONE),
        legs=[leg(A, FOUND)],
        gave=[A],
    ),
    row(f"{BATCHES}/SubmitBatch", LINE, NO_RESULT, Deed.GROUP_LOOK, Result.REFUSED, denied="X"),
    row(
        *("cbss.routing.v1.BatchFileService/SubmitBatchFile", LINE, FOUND),
        *(Deed.GROUP_LOOK, Result.DONE),
        legs=[leg(A, FOUND)],
        gave=[A],
    ),
    # A person of whom a source sends data for a project that codes them.
    *(
        row(
            *(f"cbss.coding.v1.{rpc}", LINE, FOUND, Deed.GROUP_LOOK, Result.DONE),
            legs=[leg(A, FOUND)],
            gave=[A],
        )
        for rpc in (
            "CodingService/GetTemporaryNumbers",
            "CodingService/StreamTemporaryNumbers",
            "ReidentificationService/GetReidentifiedUnits",
        )
    ),
    # Who is looked for, and whether somebody is who he says.
    row(f"{IDENTIFICATION}/SearchPersons", OUTCOME, FOUND, LOOK, Result.DONE),
    row(VERIFY, OUTCOME, FOUND, Deed.VERIFICATION, Result.DONE, legs=[leg(A, FOUND)], gave=[A]),
    row(f"{IDENTIFICATION}/SearchPersons", INTENT, 0, LOOK, Result.BEGUN, legs=[leg(A)], vain=[A]),
    row(
        *(f"{IDENTIFICATION}/SearchPersons", OUTCOME, INCOMPLETE, LOOK, Result.DONE),
        legs=[leg(A, FOUND), leg(B, FAILED)],
        gave=[A],
        vain=[B],
    ),
    row(
        *(VERIFY, OUTCOME, NO_RESULT, Deed.VERIFICATION, Result.FAILED),
        reason="PEER_UNAVAILABLE",
        legs=[leg(A, FAILED)],
        vain=[A],
    ),
    row(VERIFY, OUTCOME, NOTHING, Deed.VERIFICATION, Result.NOTHING, reason="IDENTITY_DIFFERS"),
    row(VERIFY, REFUSAL, NO_RESULT, Deed.VERIFICATION, Result.REFUSED, denied="NOT_ACCEDED"),
    row(f"{IDENTIFICATION}/ListPersonVersions", OUTCOME, FOUND, LOOK, Result.DONE, operator="jan"),
    # Acts on registers.
    row(f"{IDENTIFICATION}/CreateBisPerson", ACT, FOUND, CHANGE, Result.DONE),
    row(
        *(f"{IDENTIFICATION}/CreateBisPerson", OUTCOME, FOUND, LOOK, Result.DONE),
        reason="POSSIBLE_DUPLICATES",
        legs=[leg(A, FOUND)],
        gave=[A],
    ),
    row(
        *(f"{IDENTIFICATION}/CreateBisPerson", ACT, FOUND, CHANGE, Result.UNCHANGED),
        reason=NOTHING_CHANGED,
    ),
    row(
        *(f"{IDENTIFICATION}/CreateBisPerson", ACT, NO_RESULT, CHANGE, Result.REFUSED),
        denied="PEER_UNAVAILABLE",
        legs=[leg(A, FAILED)],
    ),
    row(f"{IDENTIFICATION}/CreateBisPerson", ACT, 0, CHANGE, Result.REFUSED, denied="X"),
    row(f"{IDENTIFICATION}/UpdatePerson", ACT, FOUND, CHANGE, Result.DONE),
    row(
        *(f"{IDENTIFICATION}/UpdatePerson", ACT, FOUND, CHANGE, Result.UNCHANGED),
        reason=NOTHING_CHANGED,
    ),
    row(
        *(f"{IDENTIFICATION}/UpdatePerson", ACT, FOUND, CHANGE, Result.REFUSED),
        denied="GROUPS_REFUSED",
    ),
    row(
        *(f"{IDENTIFICATION}/ReplaceSsin", ACT, NO_RESULT, CHANGE, Result.REFUSED),
        denied="SSIN_REPLACED",
    ),
    row(f"{IDENTIFICATION}/ReplaceSsin", ACT, FOUND, CHANGE, Result.DONE),
    row(f"{DIRECTORY}/RegisterPerson", INTENT, 0, LOOK, Result.BEGUN, legs=[leg(A)], vain=[A]),
    row(
        *(f"{DIRECTORY}/RegisterPerson", OUTCOME, FOUND, LOOK, Result.DONE),
        legs=[leg(A, FOUND)],
        gave=[A],
    ),
    row(
        *(f"{DIRECTORY}/RegisterPerson", OUTCOME, NOTHING, LOOK, Result.NOTHING),
        reason="PROOF_DIFFERS",
        legs=[leg(A, NOTHING)],
        vain=[A],
    ),
    row(
        *(f"{DIRECTORY}/RegisterPerson", OUTCOME, NO_RESULT, LOOK, Result.FAILED),
        reason="NATIONAL_REGISTER_AWAY",
        legs=[leg(A, FAILED)],
        vain=[A],
    ),
    row(f"{DIRECTORY}/RegisterPerson", ACT, FOUND, CHANGE, Result.DONE),
    row(
        f"{DIRECTORY}/RegisterPerson", ACT, FOUND, CHANGE, Result.UNCHANGED, reason=NOTHING_CHANGED
    ),
    row(
        f"{DIRECTORY}/RegisterPerson", ACT, NO_RESULT, CHANGE, Result.REFUSED, denied="NOT_ACCEDED"
    ),
    row(f"{DIRECTORY}/RegisterPerson", REFUSAL, 0, CHANGE, Result.REFUSED, denied="STRANGER"),
    row(f"{DIRECTORY}/UnregisterPerson", ACT, FOUND, CHANGE, Result.DONE),
    row(
        *(f"{DIRECTORY}/UnregisterPerson", ACT, NO_RESULT, CHANGE, Result.REFUSED),
        denied="NOT_REGISTERED",
    ),
    row(f"{DIRECTORY}/ListRegistrations", OUTCOME, FOUND, LOOK, Result.DONE),
    row(f"{DIRECTORY}/ListRegistrations", OUTCOME, NOTHING, LOOK, Result.NOTHING),
    row(f"{DIRECTORY}/ListRegistrations", REFUSAL, NO_RESULT, LOOK, Result.REFUSED, denied="X"),
    # What is sent unasked.
    row(f"{NOTICES}/Publish", ACT, FOUND, CHANGE, Result.DONE),
    row(f"{NOTICES}/Publish", ACT, NO_RESULT, CHANGE, Result.REFUSED, denied="MSG00013"),
    row(f"{NOTICES}/ListNotices", PUSH, 0, Deed.NOTICE, Result.DONE, legs=[leg(A)], gave=[A]),
    row(f"{NOTICES}/WatchNotices", PUSH, NOTHING, Deed.NOTICE, Result.DONE, legs=[leg(A, NOTHING)]),
    row(
        f"{NOTICES}/WatchNotices",
        PUSH,
        FOUND,
        Deed.NOTICE,
        Result.DONE,
        legs=[leg(A, FOUND)],
        gave=[A],
    ),
    row(f"{NOTICES}/WatchNotices", PUSH, FAILED, Deed.NOTICE, Result.FAILED, legs=[leg(A, FAILED)]),
    row(f"{NOTICES}/WatchNotices", PUSH, 0, Deed.NOTICE, Result.REFUSED, denied="X"),
    # What is sent to be answered, the answer, and who reads it.
    row(f"{SUBMISSIONS}/SubmitMessage", ACT, FOUND, CHANGE, Result.DONE),
    row(f"{SUBMISSIONS}/SubmitMessage", ACT, NO_RESULT, CHANGE, Result.REFUSED, denied="MSG00012"),
    row(f"{SUBMISSIONS}/AnswerSubmission", ACT, FOUND, CHANGE, Result.DONE),
    row(f"{SUBMISSIONS}/AnswerSubmission", ACT, 0, CHANGE, Result.REFUSED, denied="REPLY_TOO_LATE"),
    row(f"{SUBMISSIONS}/ListAnswers", OUTCOME, FOUND, LOOK, Result.DONE),
    # What the person himself reads.
    *(
        row(rpc, OUTCOME, value, LOOK, result, reading_reason=OWN_RIGHT)
        for rpc in (
            f"{IDENTIFICATION}/ListMyPersonData",
            f"{DIRECTORY}/ListMyFiles",
            "cbss.buffer.v1.BufferService/ListMyFacts",
            "cbss.rights.v1.RightsService/ListMyRights",
            "cbss.rights.v1.RightsService/WhatIf",
        )
        for value, result in ((FOUND, Result.DONE), (NOTHING, Result.NOTHING))
    ),
    row(f"{AUDIT}/ListMyConsultations", READING, 0, Deed.TRAIL_READING, Result.DONE),
    row(f"{REPORTS}/ListErrorReports", READING, 0, Deed.REPORT_READING, Result.DONE),
    row(f"{DECISIONS}/ListMyDecisions", READING, 0, Deed.DECISION_READING, Result.DONE),
    # What is done about errors and decisions; the source of the datum was not asked for it.
    row(f"{REPORTS}/ReportError", ACT, 0, Deed.ERROR_REPORT, Result.DONE, legs=[leg(A)]),
    row(
        *(f"{REPORTS}/ReportError", ACT, 0, Deed.ERROR_REPORT, Result.REFUSED),
        denied="DATUM_NOT_RECEIVED",
        legs=[leg(A)],
    ),
    row(f"{REPORTS}/DecideErrorReport", ACT, 0, Deed.REPORT_DECISION, Result.DONE, legs=[leg(A)]),
    row(f"{REPORTS}/DecideErrorReport", ACT, 0, Deed.REPORT_DECISION, Result.REFUSED, denied="X"),
    row(f"{REPORTS}/AcknowledgeCorrectionNotice", ACT, 0, Deed.CORRECTION, Result.DONE),
    row(
        *(f"{REPORTS}/AcknowledgeCorrectionNotice", ACT, 0, Deed.CORRECTION, Result.UNCHANGED),
        reason=NOTHING_CHANGED,
    ),
    row(f"{REPORTS}/ListErrorReports", LINE, 0, Deed.REPORT_READING, Result.DONE, legs=[leg(A)]),
    row(f"{REPORTS}/ListCorrectionNotices", LINE, 0, Deed.REPORT_READING, Result.DONE),
    row(f"{DECISIONS}/RecordDecision", ACT, 0, Deed.DECISION, Result.DONE),
    row(f"{DECISIONS}/RecordDecision", ACT, 0, Deed.DECISION, Result.REFUSED, denied="X"),
    row(f"{AUDIT}/ListExchanges", READING, 0, Deed.TRAIL_READING, Result.DONE),
]


@pytest.mark.parametrize(("told", "is_permitted", "what", "sources"), TABLE)
async def test_a_person_reads_what_happened(audit, told, is_permitted, what, sources):
    made = record(customer_cbe_number=GHENT, **told)
    made.verdict = record_pb.VERDICT_PERMIT if is_permitted else record_pb.VERDICT_DENY
    await recorded_by_the_trail(audit, made)

    one, *_ = (await asked(audit, card())).consultations

    said = words().step(*what)
    assert (one.step.nl, one.step.fr, one.step.de) == (said.nl, said.fr, said.de)
    gave = [each.cbe_number for each in one.sources]
    assert (gave, [each.cbe_number for each in one.asked_in_vain]) == sources


async def recorded_by_the_trail(audit, made):
    """Readings too, which others may not record."""
    if made.stage != READING:
        await recorded(audit, made)
        return
    await audit.trail.record([decode_entry(made)])


def test_the_table_holds_every_rpc_that_people_may_read_of():
    operators = {f"{REPORTS}/ListOverdueErrorReports"}

    assert set(DEEDS) - operators <= {told["rpc"] for told, *_ in TABLE}


def test_no_two_sentences_are_alike_in_any_language():
    every = [words().step(deed, one) for deed, some in RESULTS.items() for one in some]

    for language in ("nl", "fr", "de"):
        assert len({getattr(one, language) for one in every}) == len(every)


@pytest.mark.parametrize("between", [0, 3])
@pytest.mark.parametrize("size", [1, 2, 100])
async def test_how_it_ended_is_told_once_on_whatever_page(audit, between, size):
    ticket = "0b7a1c3e-0000-4000-8000-000000000001"
    begun = record(rpc=CONSULT, stage=INTENT, customer_cbe_number=GHENT, ticket_cbss=ticket)
    done = {"rpc": CONSULT, "stage": OUTCOME, "customer_cbe_number": GHENT, "status_value": FOUND}
    ended, others = record(**done, ticket_cbss=ticket), [record(**done) for _ in range(between)]
    await recorded(audit, begun, *others, ended)

    pages, token, who = [], "", card()
    while token or not pages:
        pages.append(await asked(audit, who, page_size=size, page_token=token))
        token = pages[-1].next_page_token

    shown = [one.ticket_cbss for page in pages for one in page.consultations]
    assert shown.count(ticket) == 1
    assert len(shown) == between + 2  # The reading itself, too.
    assert all(len(page.consultations) == size for page in pages[:-1])


@pytest.mark.parametrize(
    ("more", "asker"),
    [
        ({"reading_reason": OWN_RIGHT}, pb.ASKER_PERSON),
        ({"customer_cbe_number": GHENT}, pb.ASKER_ORGANIZATION),
    ],
)
async def test_an_error_that_the_person_reports_is_his_own_act(audit, more, asker):
    await recorded(audit, record(rpc=f"{REPORTS}/ReportError", stage=ACT, **more))

    assert (await asked(audit, card())).consultations[0].asker == asker

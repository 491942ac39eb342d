"""Reports of suspected errors and notices of corrections, as they travel."""

import re
from uuid import UUID

from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import error_report_service_pb2 as pb

from services.audit.corrections.model import (
    Claim,
    Decided,
    RefusalGround,
    ReportState,
    Seen,
    SeenPage,
    Suspicion,
    Told,
    ToldPage,
    Wanted,
)
from services.audit.trail.model.deliveries import Datum
from services.audit.trail.wire.acts import CallActs
from services.audit.trail.wire.inquiries import Reader, decode_reason
from services.audit.trail.wire.records import decode_identification
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.ssin import Ssin, find_flaw, parse_ssin
from services.wire import values
from services.wire.citizens import decode_citizen

DEFAULT_PAGE, LARGEST_PAGE = 20, 100
DUTY = "the duty to correct what is wrong"
LONGEST_PATH = 128
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/._+-]{0,63}")
_NUMBER = re.compile(r"(?=([0-9]{11}))")


def decode_asking(reader: Reader) -> Citizen | None:
    """Which citizen calls; nothing if an organization does, whose certificate names it."""
    if reader.caller.holder is not None:
        return decode_citizen(reader.caller)
    named = reader.known_client().certificate.organization
    return decode_citizen(reader.caller) if named is None else None


def decode_suspicion(request: pb.ReportErrorRequest, who: Citizen | None) -> Suspicion:
    """A report as it is handed over."""
    report_id = decode_identification(request.report_id, "report_id")
    person = _person(request, who)
    try:
        claim = Claim(request.claim)
    except ValueError:
        raise invalid("claim", "must be told") from None
    reference = request.evidence_reference
    if reference and _REFERENCE.fullmatch(reference) is None:
        raise invalid("evidence_reference", "must be 1 to 64 letters, digits or `:/._+-`")
    if "//" in reference or reference.startswith("www."):
        raise invalid("evidence_reference", "must not be a link")
    if any(find_flaw(digits) is None for digits in _NUMBER.findall(reference)):
        raise invalid("evidence_reference", "must not hold the number of a person")
    return Suspicion(report_id, person, _datum(request.datum), claim, reference)


def decode_decide_error_report(request: pb.DecideErrorReportRequest) -> tuple[UUID, Decided]:
    """Which report becomes what."""
    report_id = decode_identification(request.report_id, "report_id")
    try:
        state = ReportState(request.state)
    except ValueError:
        raise invalid("state", "must be told") from None
    if state is ReportState.OPEN:
        raise invalid("state", "must be ACCEPTED, REFUSED or CORRECTED")
    if (state is ReportState.REFUSED) != bool(request.refusal_ground):
        raise invalid("refusal_ground", "must be told if it is refused, and only then")
    try:
        ground = RefusalGround(request.refusal_ground) if request.refusal_ground else None
    except ValueError:
        raise invalid("refusal_ground", "must be a ground") from None
    return report_id, Decided(state, ground)


def decode_wanted(
    request: pb.ListErrorReportsRequest
    | pb.ListOverdueErrorReportsRequest
    | pb.ListCorrectionNoticesRequest,
    reader: Reader,
) -> Wanted:
    """Which page of which list is asked."""
    page = reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    match request:
        case pb.ListErrorReportsRequest():
            return Wanted(request.overdue_only, page)
        case pb.ListCorrectionNoticesRequest():
            return Wanted(request.unacknowledged_only, page)
    return Wanted(True, page)


def decode_acts(reader: Reader, report_id: UUID, who: Citizen | None = None) -> CallActs:
    """What makes the records of an act about a report, of a citizen in his own right."""
    return CallActs(reader, report_id, "" if who is None else OWN_RIGHT)


def decode_readings(reader: Reader, who: Citizen | None) -> CallActs:
    """What makes the records of a reading, by an organization or by a citizen."""
    if who is None:
        return CallActs(reader, reader.call.ticket, DUTY)
    return CallActs(reader, reader.call.ticket, OWN_RIGHT, who.ssin)


def decode_overseeing(reader: Reader, reason: str) -> CallActs:
    """What makes the records of a reading by an operator, with a reason of his own."""
    return CallActs(reader, reader.call.ticket, decode_reason(reason))


def encode_report(seen: Seen) -> noun_pb.ErrorReport:
    """A report as its reader sees it."""
    told, ground = seen.report.told, seen.report.decided.ground
    made = noun_pb.ErrorReport(
        report_id=str(told.report_id),
        ssin="" if seen.person is None else seen.person.digits,
        datum=_datum_message(told.datum),
        reporter_cbe_number="" if told.reporter is None else told.reporter.digits,
        claim=f"ERROR_CLAIM_{told.claim.name}",
        evidence_reference=told.evidence_reference,
        state=f"ERROR_REPORT_STATE_{seen.report.decided.state.name}",
        refusal_ground=None if ground is None else f"ERROR_REFUSAL_GROUND_{ground.name}",
        due_date=values.encode_day(told.due_date),
        is_overdue=seen.is_overdue,
    )
    made.reported_at.FromDatetime(seen.report.reported_at)
    if seen.report.decided_at is not None:
        made.decided_at.FromDatetime(seen.report.decided_at)
    return made


def encode_notice(told: Told) -> noun_pb.CorrectionNotice:
    """A notice as its recipient reads it."""
    made = noun_pb.CorrectionNotice(
        report_id=str(told.notice.report_id),
        ssin=told.person.digits,
        datum=_datum_message(told.notice.datum),
    )
    made.corrected_at.FromDatetime(told.notice.corrected_at)
    if told.notice.acknowledged_at is not None:
        made.acknowledged_at.FromDatetime(told.notice.acknowledged_at)
    return made


def encode_list_error_reports_response(
    page: SeenPage, reader: Reader
) -> pb.ListErrorReportsResponse:
    """A page of reports."""
    return pb.ListErrorReportsResponse(
        reports=map(encode_report, page.seen), next_page_token=reader.token(page.after)
    )


def encode_list_overdue_error_reports_response(
    page: SeenPage, reader: Reader
) -> pb.ListOverdueErrorReportsResponse:
    """A page of what is overdue."""
    return pb.ListOverdueErrorReportsResponse(
        reports=map(encode_report, page.seen), next_page_token=reader.token(page.after)
    )


def encode_list_correction_notices_response(
    page: ToldPage, reader: Reader
) -> pb.ListCorrectionNoticesResponse:
    """A page of notices."""
    return pb.ListCorrectionNoticesResponse(
        notices=map(encode_notice, page.told), next_page_token=reader.token(page.after)
    )


def _person(request: pb.ReportErrorRequest, who: Citizen | None) -> Ssin | None:
    if not request.ssin and isinstance(who, Citizen):
        return None
    person = parse_ssin(request.ssin)
    if isinstance(who, Citizen) and who.ssin is not None and person != who.ssin:
        raise invalid("ssin", "must be the citizen's own, or empty")
    return person


def _datum(told: noun_pb.Datum) -> Datum:
    fields = "datum.data_contract", "datum.contract_version"
    contract = parse_contract_name(told.data_contract, 0, fields=fields)
    if len(told.field_path) > LONGEST_PATH or _PATH.fullmatch(told.field_path) is None:
        raise invalid("datum.field_path", f"must be a path of at most {LONGEST_PATH} characters")
    source = parse_enterprise_number(told.source_cbe_number, field="datum.source_cbe_number")
    return Datum(contract.code, told.field_path, source)


def _datum_message(datum: Datum) -> noun_pb.Datum:
    return noun_pb.Datum(
        data_contract=datum.data_contract,
        field_path=datum.field_path,
        source_cbe_number=datum.source.digits,
    )

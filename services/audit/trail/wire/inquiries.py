"""Questions to the trail, each with the record of its being asked, and pages of records."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb

from services.audit.trail.form import read
from services.audit.trail.model import Entry, Inquiry, Listed, Page
from services.audit.trail.wire.records import entry, identified
from services.concepts.enterprise_number import parse_organization_identifier
from services.concepts.ssin import parse_ssin
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.kit.trace import trace_id
from services.wire import values

Paged = (
    pb.ListExchangesByTicketRequest
    | pb.ListExchangesBySubjectRequest
    | pb.SearchExchangesRequest
    | pb.ListOwnExchangesRequest
    | pb.ListMyConsultationsRequest
    | report_pb.ListErrorReportsRequest
    | report_pb.ListOverdueErrorReportsRequest
    | report_pb.ListCorrectionNoticesRequest
    | decision_pb.ListMyDecisionsRequest
    | oversight_pb.ListAlertsRequest
    | oversight_pb.ListUnansweredAlertsRequest
    | oversight_pb.ListAnsweredAlertsRequest
)
Reasoned = (
    pb.ListExchangesByTicketRequest
    | pb.ListExchangesBySubjectRequest
    | pb.SearchExchangesRequest
    | pb.ListOwnExchangesRequest
)
Request = (
    Paged
    | pb.GetInclusionProofRequest
    | report_pb.ReportErrorRequest
    | report_pb.DecideErrorReportRequest
    | report_pb.AcknowledgeCorrectionNoticeRequest
    | decision_pb.RecordDecisionRequest
    | oversight_pb.AcknowledgeAlertRequest
    | oversight_pb.GetMonthlyReportRequest
)

SERVICE = "cbss.audit.v1.AuditService"
SHORTEST_REASON, LONGEST_REASON = 3, 256
DEFAULT_PAGE, LARGEST_PAGE = 100, 1000


@dataclass(frozen=True)
class Readers:
    """Who reads the trail: makes their reading records and their page tokens."""

    tokens: PageTokens
    new_id: Callable[[], UUID]
    now: Clock

    def reader(self, request: Request, caller: Caller) -> "Reader":
        """The reader who makes a request."""
        return Reader(self, caller, _query(request))


@dataclass(frozen=True)
class Reader:
    """One reader with one question."""

    readers: Readers
    caller: Caller
    query: bytes

    def page(self, request: Paged, default: int = DEFAULT_PAGE, most: int = LARGEST_PAGE) -> Page:
        """Which page is asked."""
        size = page_size(request.page_size, default=default, most=most)
        return Page(self._after(request.page_token), size)

    def _after(self, token: str) -> int:
        if not token:
            return 0
        match self.readers.tokens.position(token, caller=self._who(), query=self.query):
            case [int(sequence)]:
                return sequence
        raise PageTokenInvalid

    def token(self, after: int | None) -> str:
        """The token of the next page; empty after the last."""
        if after is None:
            return ""
        return self.readers.tokens.token([after], caller=self._who(), query=self.query)

    def reading(self, request: Reasoned, rpc: str, ticket: str, ssin: str) -> Entry | None:
        """The record of this reading. A further page is part of the reading that began it."""
        made = self.read(request.reason, rpc, ticket, ssin)
        return None if request.page_token else made

    def read(self, reason: str, rpc: str, ticket: str, ssin: str) -> Entry:
        """The record of one reading."""
        reasoned(reason)
        record = record_pb.ExchangeRecord(
            record_id=str(self.readers.new_id()),
            ticket_cbss=ticket or str(self.readers.new_id()),
            stage=record_pb.EXCHANGE_STAGE_READING,
            verdict=record_pb.VERDICT_PERMIT,
            rpc=f"{SERVICE}/{rpc}",
            subject_ssin=ssin,
            reading_reason=reason,
            trace_id=trace_id(),
        )
        client = self.caller.client
        identifier = "" if client is None else client.organization_identifier or ""
        named = parse_organization_identifier(identifier)
        if client is not None and named is not None:
            # Only an organization's: a citizen's certificate would name him in plain.
            record.client_certificate_sha256 = client.certificate_sha256
            record.caller_cbe_number = named.digits
        record.occurred_at.FromDatetime(self.readers.now())
        return entry(record)

    def _who(self) -> str:
        client = self.caller.client
        return f"{self.caller.workload} {client.certificate_sha256 if client else None}"


def _query(request: Request) -> bytes:
    # What is asked, without the page: a token serves the question that it was given for.
    asked = type(request).FromString(request.SerializeToString())
    for field in ("page_size", "page_token"):
        if field in asked.DESCRIPTOR.fields_by_name:
            asked.ClearField(field)
    return type(request).__name__.encode() + b"\0" + asked.SerializeToString(deterministic=True)


def reasoned(reason: str) -> str:
    """A reader's reason; fails if it is none."""
    return values.text(reason, "reason", LONGEST_REASON, shortest=SHORTEST_REASON)


def by_ticket(request: pb.ListExchangesByTicketRequest, reader: Reader) -> Inquiry:
    """A question about an exchange."""
    ticket = identified(request.ticket_cbss, "ticket_cbss")
    page = reader.page(request)
    return Inquiry(ticket, page, reader.reading(request, "ListExchangesByTicket", str(ticket), ""))


def by_subject(request: pb.ListExchangesBySubjectRequest, reader: Reader) -> Inquiry:
    """A question about a person."""
    ssin = parse_ssin(request.ssin)
    page = reader.page(request)
    reading = reader.reading(request, "ListExchangesBySubject", "", ssin.digits)
    return Inquiry(ssin, page, reading)


def listed_by_ticket(listed: Listed, reader: Reader) -> pb.ListExchangesByTicketResponse:
    """A page of the records of an exchange."""
    return pb.ListExchangesByTicketResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=places(listed),
    )


def listed_by_subject(listed: Listed, reader: Reader) -> pb.ListExchangesBySubjectResponse:
    """A page of the records about a person."""
    return pb.ListExchangesBySubjectResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=places(listed),
    )


def places(listed: Listed) -> list[pb.LogPlace]:
    """Where in the log those records are that have a place."""
    return [
        pb.LogPlace(record_id=str(one.record_id), log_index=listed.indexes[one.sequence])
        for one in listed.kept
        if one.sequence in listed.indexes
    ]

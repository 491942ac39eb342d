"""Questions to the trail, each with the record of its being asked, and pages of records."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb

from services.admission import model as admission
from services.admission.model import Call, Stage
from services.admission.wire import Calls, encode_record
from services.audit.trail.model import Entry, Listed, Page
from services.audit.trail.wire.records import decode_entry
from services.concepts.ssin import Ssin
from services.kit.bearer import Holder
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.errors import CallerUnknown, PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.wire import values

Paged = (
    pb.ListExchangesRequest
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
Reasoned = pb.ListExchangesRequest | pb.ListOwnExchangesRequest
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
        calls = Calls(_service_of(request), self.new_id, self.now)
        call = calls.made(_method_of(request), caller)
        return Reader(self, caller, call, _query(request))


@dataclass(frozen=True)
class Reader:
    """One reader with one question."""

    readers: Readers
    caller: Caller
    call: Call
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

    def reading(self, request: Reasoned, ticket: UUID | None, person: Ssin | None) -> Entry | None:
        """The record of this reading. A further page is part of the reading that began it."""
        made = self.read(request.reason, ticket, person)
        return None if request.page_token else made

    def read(self, reason: str, ticket: UUID | None, person: Ssin | None) -> Entry:
        """The record of one reading."""
        call = self.call if ticket is None else replace(self.call, ticket=ticket)
        told = decode_reason(reason)
        return self.record(
            admission.Entry(call=call, stage=Stage.READING, person=person, reading_reason=told)
        )

    def record(self, made: admission.Entry) -> Entry:
        """What is recorded, as the trail takes it."""
        return decode_entry(encode_record(made, self.readers.new_id(), self.readers.now()))

    def known_client(self) -> Call:
        """The call, which came with a certificate; CallerUnknown without one."""
        if self.caller.client is None:
            raise CallerUnknown
        return self.call

    def _who(self) -> str:
        client, holder = self.caller.client, self.caller.holder
        if isinstance(holder, Holder):
            # A renewed token goes on where the old one ended.
            return f"{holder.issuer} {holder.number}"
        return f"{self.caller.workload} {client.certificate_sha256 if client else None}"


def _query(request: Request) -> bytes:
    # What is asked, without the page: a token serves the question that it was given for.
    asked = type(request).FromString(request.SerializeToString())
    for field in ("page_size", "page_token"):
        if field in asked.DESCRIPTOR.fields_by_name:
            asked.ClearField(field)
    return type(request).__name__.encode() + b"\0" + asked.SerializeToString(deterministic=True)


def _method_of(request: Request) -> str:
    return type(request).__name__.removesuffix("Request")


def _service_of(request: Request) -> str:
    services = request.DESCRIPTOR.file.services_by_name.values()
    return next(
        str(one.full_name) for one in services if _method_of(request) in one.methods_by_name
    )


def decode_reason(reason: str) -> str:
    """A reader's reason; fails if it is none."""
    return values.decode_text(reason, "reason", LONGEST_REASON, shortest=SHORTEST_REASON)


def encode_places(listed: Listed) -> list[pb.LogPlace]:
    """Where in the log those records are that have a place."""
    return [
        pb.LogPlace(record_id=str(one.record_id), log_index=listed.indexes[one.sequence])
        for one in listed.kept
        if one.sequence in listed.indexes
    ]

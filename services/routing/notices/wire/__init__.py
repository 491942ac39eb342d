"""Between `cbss.routing.v1`'s notices and the nouns of push."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cbss.common.v1 import data_filters_pb2, information_pb2
from cbss.routing.v1 import notice_pb2
from cbss.routing.v1 import notice_service_pb2 as pb

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.concepts.failures import invalid
from services.kit.caller import Caller
from services.kit.clock import belgian_day
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.routing.errors import ResumeTokenInvalid
from services.routing.notices.model import Delivery, EventKind, Page, Place, WatchedPage
from services.routing.wire import payloads
from services.wire import values
from services.wire.head import decode_certificate, decode_head

MOST_NOTICES = 1000
USUAL_NOTICES = 100
SERVICE = "cbss.routing.v1.NoticeService"


def decode_call(
    information: information_pb2.InformationCustomer,
    caller: Caller,
    rpc: str,
    ticket: UUID,
    now: datetime,
    trace_id: str,
    service: str = SERVICE,
) -> Call:
    """Who calls, for whom, on which ticket."""
    return Call(
        ticket=ticket,
        rpc=f"{service}/{rpc}",
        received_at=now,
        day=belgian_day(now),
        certificate=decode_certificate(caller),
        trace_id=trace_id,
        head=decode_head(information, None),
    )


def decode_page_size(request: pb.ListNoticesRequest) -> int:
    """How many notices a page holds."""
    return page_size(request.page_size, default=USUAL_NOTICES, most=MOST_NOTICES)


def decode_notice_ids(request: pb.AcknowledgeNoticesRequest) -> frozenset[UUID]:
    """The notices that are acknowledged."""
    if not 1 <= len(request.notice_ids) <= MOST_NOTICES:
        raise invalid("notice_ids", f"must be 1 to {MOST_NOTICES}")
    return frozenset(_decode_uuid(text, n) for n, text in enumerate(request.notice_ids))


def _decode_uuid(text: str, place: int) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid(f"notice_ids[{place}]", "must be a UUID") from None


def decode_resume_token(tokens: PageTokens, text: str, call: Call) -> int | None:
    """After which position to go on; nothing from the oldest. ResumeTokenInvalid if it is not the
    customer's."""
    if not text:
        return None
    try:
        match tokens.position(text, caller=str(call.customer), query=SERVICE.encode()):
            case [int(position)]:
                return position
    except PageTokenInvalid:
        raise ResumeTokenInvalid() from None
    raise ResumeTokenInvalid()


def _encode_resume_token(tokens: PageTokens, position: int, call: Call) -> str:
    return tokens.token([position], caller=str(call.customer), query=SERVICE.encode())


def encode_list_notices_response(
    tokens: PageTokens, call: Call, page: Page, place: Place, replied_at: datetime
) -> pb.ListNoticesResponse:
    """A page of what waits."""
    return pb.ListNoticesResponse(
        information_cbss=encode_information_cbss(replace(call, ticket=page.ticket), replied_at),
        notices=[encode_notice(one, page.ticket) for one in page.deliveries],
        resume_token=_encode_resume_token(tokens, page.position, call),
        more=page.more,
        expired_count=place.expired_count,
        unacknowledged_count=page.unacknowledged,
        waits_for_acknowledgement=page.waits,
    )


def encode_watch_notices_response(
    tokens: PageTokens, call: Call, page: WatchedPage
) -> pb.WatchNoticesResponse:
    """A message of a stream."""
    message = pb.WatchNoticesResponse(
        notices=[encode_notice(one, page.ticket) for one in page.deliveries if page.ticket],
        resume_token=_encode_resume_token(tokens, page.position, call),
        waits_for_acknowledgement=page.waits,
    )
    if page.heartbeat is not None:
        message.heartbeat_interval.FromTimedelta(page.heartbeat)
    return message


def encode_notice(one: Delivery, ticket: UUID) -> notice_pb2.Notice:
    """A notice as it goes out."""
    waiting, event = one.waiting, one.waiting.event
    filters = data_filters_pb2.DataFilters(filtered_elements=sorted(one.cut)) if one.cut else None
    return notice_pb2.Notice(
        notice_id=str(waiting.notice_id),
        ticket_cbss=str(ticket),
        subscription_id=str(waiting.subscription),
        legal_context=one.subscriber.legal_context,
        source_cbe_number=waiting.source.digits,
        reference=event.reference,
        kind=f"EVENT_KIND_{event.kind.name}",
        attestation_reference=event.attestation,
        ssin=one.person.digits,
        quality_codes=one.subscriber.quality_codes,
        data_contract=waiting.contract.code,
        contract_version=waiting.contract.version,
        event_type=event.event_type,
        occurred_at=values.encode_instant(event.occurred_at),
        published_at=values.encode_instant(waiting.published_at),
        expires_at=values.encode_instant(waiting.expires_at),
        data=None if one.payload is None else payloads.encode_any(one.payload),
        data_filters=filters,
        # A message waits as long as its answer is wanted.
        reply_by=(
            values.encode_instant(waiting.expires_at)
            if event.kind is EventKind.SUBMISSION
            else None
        ),
    )

"""Between `cbss.routing.v1`'s notices and the nouns of push."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cbss.common.v1 import data_filters_pb2, information_pb2, ssin_pb2
from cbss.routing.v1 import notice_pb2
from cbss.routing.v1 import notice_service_pb2 as pb

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import parse_ssin
from services.concepts.status import status
from services.kit.caller import Caller
from services.kit.clock import belgian_day
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.routing.errors import ResumeTokenInvalid
from services.routing.notices.model import (
    Addressee,
    Delivery,
    Event,
    EventKind,
    Page,
    Place,
    Publication,
    PublishedOutcome,
    Unusable,
    WatchedPage,
)
from services.routing.notices.rules import unusable
from services.routing.wire import payloads
from services.wire import values
from services.wire.head import decode_certificate, decode_head

MOST_EVENTS = 1000
MOST_NOTICES = 1000
USUAL_NOTICES = 100
SERVICE = "cbss.routing.v1.NoticeService"
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,36}")
_EVENT_TYPE = re.compile(r"[A-Z0-9_]{0,64}")


def decode_call(
    information: information_pb2.InformationCustomer,
    caller: Caller,
    rpc: str,
    ticket: UUID,
    now: datetime,
    trace_id: str,
) -> Call:
    """Who calls, for whom, on which ticket."""
    return Call(
        ticket=ticket,
        rpc=f"{SERVICE}/{rpc}",
        received_at=now,
        day=belgian_day(now),
        certificate=decode_certificate(caller),
        trace_id=trace_id,
        head=decode_head(information, None),
    )


def decode_publication(request: pb.PublishRequest, call: Call) -> Publication:
    """The events of a call; what cannot be understood is kept as such, at its place."""
    if not 1 <= len(request.events) <= MOST_EVENTS:
        raise invalid("events", f"must be 1 to {MOST_EVENTS}")
    contract = parse_contract_name(request.data_contract, request.contract_version)
    return Publication(call, contract, tuple(map(_decode_event, request.events)))


def _decode_event(told: notice_pb2.Event) -> Event | Unusable:
    if _REFERENCE.fullmatch(told.reference) is None:
        return Unusable(told.reference[:36], unusable("reference"))
    try:
        person = parse_ssin(told.ssin)
    except InvalidArgument:
        return Unusable(told.reference, status("MSG00011"))
    try:
        return Event(
            reference=told.reference,
            kind=_decode_kind(told.kind),
            attestation=_decode_attestation(told),
            person=person,
            event_type=_decode_event_type(told.event_type),
            occurred_at=_decode_instant(told),
            payload=payloads.decode_payload(told.data) if told.HasField("data") else None,
        )
    except InvalidArgument as wrong:
        return Unusable(told.reference, unusable(wrong.violations[0].field))


def _decode_kind(number: int) -> EventKind:
    try:
        return EventKind(number)
    except ValueError:
        raise invalid("kind", "must be one of the kinds") from None


def _decode_attestation(told: notice_pb2.Event) -> str:
    if told.kind == notice_pb2.EVENT_KIND_ORIGINAL:
        if told.attestation_reference:
            raise invalid("attestation_reference", "must be empty in an original")
        return str(told.reference)
    if _REFERENCE.fullmatch(told.attestation_reference) is None:
        raise invalid("attestation_reference", "must be a reference of the source")
    return str(told.attestation_reference)


def _decode_event_type(text: str) -> str:
    if _EVENT_TYPE.fullmatch(text) is None:
        raise invalid("event_type", "must be at most 64 capitals, digits or `_`")
    return text


def _decode_instant(told: notice_pb2.Event) -> datetime:
    if not told.HasField("occurred_at"):
        raise invalid("occurred_at", "is required")
    return values.decode_instant(told.occurred_at, "occurred_at")


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


def encode_publish_response(
    request: pb.PublishRequest,
    call: Call,
    outcomes: Sequence[PublishedOutcome],
    replied_at: datetime,
) -> pb.PublishResponse:
    """What became of the events, in order."""
    return pb.PublishResponse(
        information_customer=request.information_customer,
        information_cbss=encode_information_cbss(call, replied_at),
        events=[
            _encode_outcome(told, outcome)
            for told, outcome in zip(request.events, outcomes, strict=True)
        ],
    )


def _encode_outcome(told: notice_pb2.Event, outcome: PublishedOutcome) -> notice_pb2.PublishedEvent:
    person = told.ssin if outcome.person is None else outcome.person.digits
    successor = outcome.replaced_by
    return notice_pb2.PublishedEvent(
        reference=outcome.reference,
        status=values.encode_status(outcome.status),
        ssin=ssin_pb2.SsinResult(
            ssin=person[:64], replaced_by=None if successor is None else successor.digits
        ),
        addressees=map(_encode_addressee, outcome.addressees),
        repeated_event=outcome.is_repeat,
    )


def _encode_addressee(one: Addressee) -> notice_pb2.Addressee:
    goes = one.notice_id is not None
    result = {"notice_id": str(one.notice_id)} if goes else {"refusal_code": one.refusal_code}
    return notice_pb2.Addressee(
        cbe_number=one.organization.digits,
        sector_institution=None if one.place is None else values.encode_place(one.place),
        quality_code=one.quality_code,
        **result,
    )


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
    )

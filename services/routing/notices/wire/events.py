"""Between what a source publishes and the nouns of push: events, and what becomes of them."""

import re
from collections.abc import Sequence
from datetime import datetime

from cbss.common.v1 import ssin_pb2
from cbss.routing.v1 import notice_pb2, submission_pb2
from cbss.routing.v1 import notice_service_pb2 as pb

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.status import status
from services.routing.notices.model import (
    Addressee,
    Event,
    EventKind,
    Publication,
    PublishedOutcome,
    Unusable,
)
from services.routing.notices.rules import unusable
from services.routing.wire import payloads
from services.wire import values

MOST_EVENTS = 1000
REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,36}")
_EVENT_TYPE = re.compile(r"[A-Z0-9_]{0,64}")


def decode_publication(request: pb.PublishRequest, call: Call) -> Publication:
    """The events of a call; what cannot be understood is kept as such, at its place."""
    if not 1 <= len(request.events) <= MOST_EVENTS:
        raise invalid("events", f"must be 1 to {MOST_EVENTS}")
    contract = parse_contract_name(request.data_contract, request.contract_version)
    return Publication(call, contract, tuple(map(_decode_event, request.events)))


def _decode_event(told: notice_pb2.Event) -> Event | Unusable:
    person = decode_person(told)
    if isinstance(person, Unusable):
        return person
    try:
        return Event(
            reference=told.reference,
            kind=_decode_kind(told.kind),
            attestation=_decode_attestation(told),
            person=person,
            event_type=decode_event_type(told.event_type),
            occurred_at=_decode_instant(told),
            payload=payloads.decode_payload(told.data) if told.HasField("data") else None,
        )
    except InvalidArgument as wrong:
        return Unusable(told.reference, unusable(wrong.violations[0].field))


def decode_person(told: notice_pb2.Event | submission_pb2.Submission) -> Ssin | Unusable:
    """Whom it is about, if it can be told apart at all."""
    if REFERENCE.fullmatch(told.reference) is None:
        return Unusable(told.reference[:36], unusable("reference"))
    try:
        return parse_ssin(told.ssin)
    except InvalidArgument:
        return Unusable(told.reference, status("MSG00011"))


def _decode_kind(number: int) -> EventKind:
    try:
        kind = EventKind(number)
    except ValueError:
        raise invalid("kind", "must be one of the kinds") from None
    if kind is EventKind.SUBMISSION:
        raise invalid("kind", "is sent with SubmitMessage")
    return kind


def _decode_attestation(told: notice_pb2.Event) -> str:
    if told.kind == notice_pb2.EVENT_KIND_ORIGINAL:
        if told.attestation_reference:
            raise invalid("attestation_reference", "must be empty in an original")
        return str(told.reference)
    if REFERENCE.fullmatch(told.attestation_reference) is None:
        raise invalid("attestation_reference", "must be a reference of the source")
    return str(told.attestation_reference)


def decode_event_type(text: str) -> str:
    """What changed; empty if the source does not say."""
    if _EVENT_TYPE.fullmatch(text) is None:
        raise invalid("event_type", "must be at most 64 capitals, digits or `_`")
    return text


def _decode_instant(told: notice_pb2.Event) -> datetime:
    if not told.HasField("occurred_at"):
        raise invalid("occurred_at", "is required")
    return values.decode_instant(told.occurred_at, "occurred_at")


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
            encode_outcome(told, outcome)
            for told, outcome in zip(request.events, outcomes, strict=True)
        ],
    )


def encode_outcome(told: notice_pb2.Event, outcome: PublishedOutcome) -> notice_pb2.PublishedEvent:
    """What became of one event."""
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

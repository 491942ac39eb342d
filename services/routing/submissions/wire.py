"""Between `cbss.routing.v1`'s submissions and the nouns of messages that want an answer."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cbss.routing.v1 import notice_pb2, submission_pb2
from cbss.routing.v1 import submission_service_pb2 as pb

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import InvalidArgument, invalid
from services.routing.model import Catalogue
from services.routing.notices.model import (
    Event,
    EventKind,
    Publication,
    PublishedOutcome,
    Unusable,
)
from services.routing.notices.rules import MOST_ADDRESSEES, unusable
from services.routing.notices.wire import events
from services.routing.submissions.model import Answer, Disposition, Submitted
from services.routing.wire import payloads
from services.wire import values

SERVICE = "cbss.routing.v1.SubmissionService"
_FILE = re.compile(r"[A-Za-z0-9._:-]{0,36}")


def decode_submission(request: pb.SubmitMessageRequest, call: Call) -> Publication:
    """The message of a call; what cannot be understood is kept as such."""
    fields = "data_contract", "contract_version"
    name = parse_contract_name(request.data_contract, request.contract_version, fields=fields)
    if not request.HasField("submission"):
        raise invalid("submission", "is required")
    return Publication(call, name, (_decode(request.submission, call.received_at),))


def _decode(told: submission_pb2.Submission, now: datetime) -> Event | Unusable:
    person = events.decode_person(told)
    if isinstance(person, Unusable):
        return person
    try:
        if not told.HasField("data"):
            raise invalid("data", "is required")
        if not told.HasField("reply_by"):
            raise invalid("reply_by", "is required")
        if len(told.addressee_cbe_numbers) > MOST_ADDRESSEES:
            raise invalid("addressee_cbe_numbers", f"must be at most {MOST_ADDRESSEES}")
        return Event(
            reference=told.reference,
            kind=EventKind.SUBMISSION,
            attestation=told.reference,
            person=person,
            event_type=events.decode_event_type(told.event_type),
            occurred_at=now,
            payload=payloads.decode_payload(told.data),
            reply_by=values.decode_instant(told.reply_by, "reply_by"),
            only=frozenset(
                parse_enterprise_number(text, field="addressee_cbe_numbers")
                for text in told.addressee_cbe_numbers
            ),
        )
    except InvalidArgument as wrong:
        return Unusable(told.reference, unusable(wrong.violations[0].field))


def decode_answer(request: pb.AnswerSubmissionRequest) -> tuple[UUID, Answer]:
    """Which message is answered, and what is said."""
    try:
        notice_id = UUID(request.notice_id)
    except ValueError:
        raise invalid("notice_id", "must be a UUID") from None
    try:
        disposition = Disposition(request.disposition)
    except ValueError:
        raise invalid("disposition", "must be one of the dispositions") from None
    if _FILE.fullmatch(request.file_reference) is None:
        raise invalid("file_reference", "must be at most 36 letters, digits and `-_.:`")
    return notice_id, Answer(disposition, request.file_reference)


def decode_reference(request: pb.ListAnswersRequest) -> str:
    """The reference of the message whose answers are asked."""
    if events.REFERENCE.fullmatch(request.reference) is None:
        raise invalid("reference", "must be 1 to 36 letters, digits and `-_.:`")
    return str(request.reference)


def encode_submit_message_response(
    request: pb.SubmitMessageRequest, call: Call, outcome: PublishedOutcome, replied_at: datetime
) -> pb.SubmitMessageResponse:
    """What became of a message."""
    told = notice_pb2.Event(ssin=request.submission.ssin)
    return pb.SubmitMessageResponse(
        information_customer=request.information_customer,
        information_cbss=encode_information_cbss(call, replied_at),
        outcome=events.encode_outcome(told, outcome),
    )


def encode_list_answers_response(
    call: Call, found: Sequence[Submitted], catalogue: Catalogue, now: datetime
) -> pb.ListAnswersResponse:
    """The addressees with their answers."""
    return pb.ListAnswersResponse(
        information_cbss=encode_information_cbss(call, now),
        answers=[_encode_answer(one, catalogue, now) for one in found],
    )


def _encode_answer(one: Submitted, catalogue: Catalogue, now: datetime) -> submission_pb2.Answer:
    known = catalogue.organizations.get(one.addressee)
    place = None if known is None else known.place
    told = submission_pb2.Answer(
        cbe_number=one.addressee.digits,
        sector_institution=None if place is None else values.encode_place(place),
        notice_id=str(one.notice_id),
        state=f"ANSWER_STATE_{one.state(now).name}",
        reply_by=values.encode_instant(one.reply_by),
    )
    if one.answer is not None and one.answered_at is not None:
        said = submission_pb2.Answer(
            disposition=f"DISPOSITION_{one.answer.disposition.name}",
            file_reference=one.answer.file_reference,
            answered_at=values.encode_instant(one.answered_at),
        )
        told.MergeFrom(said)
    return told

"""Questions as every supplier gets them, and the answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from cbss.data.v1 import social_status_pb2 as data_pb
from cbss.supplier.v1 import supplier_service_pb2 as pb
from google.protobuf.message import DecodeError

from services.buffer.model import AskedStatus, Question, StatusResult
from services.concepts.failures import invalid
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import parse_ssin
from services.concepts.status import status
from services.wire import values
from services.wire.head import encode_information_supplier

CONTRACT = "SOCIAL_STATUS"
PLACE = SectorInstitution(25, 0)
"""Where the buffer is in the network: it is the Crossroads Bank's own source."""
MOST_QUESTIONS = 256
MOST_STATUSES = 8


def decode_questions(request: pb.AnswerRequest) -> list[Question]:
    """The questions in order; fails naming the first field that is wrong."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    return [_question(asked, f"questions[{n}]") for n, asked in enumerate(request.questions)]


def _question(asked: pb.Question, path: str) -> Question:
    if asked.data_contract != CONTRACT:
        raise invalid(f"{path}.data_contract", f"must be {CONTRACT}")
    return Question(
        parse_ssin(asked.ssin, field=f"{path}.ssin"),
        values.decode_period(asked.period, f"{path}.period"),
        _statuses(asked, f"{path}.criteria"),
        _asked_at(asked, f"{path}.information_cbss.received_at"),
    )


def _asked_at(asked: pb.Question, path: str) -> datetime | None:
    told = asked.information_cbss
    return values.decode_instant(told.received_at, path) if told.HasField("received_at") else None


def _statuses(asked: pb.Question, path: str) -> tuple[AskedStatus, ...]:
    if not asked.HasField("criteria"):
        return ()
    criteria = data_pb.SocialStatusCriteria()
    try:
        readable = asked.criteria.Unpack(criteria)
    except DecodeError:
        readable = False
    if not readable:
        raise invalid(path, "must be SocialStatusCriteria")
    if len(criteria.statuses) > MOST_STATUSES:
        raise invalid(f"{path}.statuses", f"must be at most {MOST_STATUSES}")
    return tuple(_status(one) for one in criteria.statuses)


def _status(asked: data_pb.AskedSocialStatus) -> AskedStatus:
    bounded = bool(asked.postal_codes or asked.parameters) or (
        asked.HasField("minimum_age") or asked.HasField("maximum_age")
    )
    return AskedStatus(asked.name, bounded)


@dataclass(frozen=True)
class Answers:
    """Makes the answers of this source, each with a ticket and times."""

    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def encode_response(
        self,
        request: pb.AnswerRequest,
        received_at: datetime,
        results: Sequence[tuple[StatusResult, ...] | None],
    ) -> pb.AnswerResponse:
        """The answers, in the order of the questions."""
        replied_at = self.now()
        return pb.AnswerResponse(
            answers=[
                self._answer(asked, received_at, replied_at, found)
                for asked, found in zip(request.questions, results, strict=True)
            ]
        )

    def _answer(
        self,
        asked: pb.Question,
        received_at: datetime,
        replied_at: datetime,
        found: tuple[StatusResult, ...] | None,
    ) -> pb.Answer:
        answer = pb.Answer(
            status=values.encode_status(status("MSG00100" if found is None else "MSG00000"))
        )
        answer.ssin.ssin = asked.ssin
        answer.information_supplier.CopyFrom(
            encode_information_supplier(PLACE, self.new_ticket(), received_at, replied_at)
        )
        if found is not None:
            answer.data.Pack(data_pb.SocialStatuses(statuses=map(_social_status, found)))
        return answer


def _social_status(result: StatusResult) -> data_pb.SocialStatus:
    return data_pb.SocialStatus(
        name=result.name,
        result=cast("data_pb.SocialStatusResult", result.verdict.value),
        periods=map(values.encode_period, result.periods),
        status=None if result.status is None else values.encode_status(result.status),
    )

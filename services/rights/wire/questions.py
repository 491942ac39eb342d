"""Questions as every supplier gets them, and the answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cbss.common.v1 import organization_pb2
from cbss.data.v1 import right_pb2 as data_pb
from cbss.supplier.v1 import supplier_service_pb2 as pb
from google.protobuf.message import DecodeError

from services.concepts.failures import invalid
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.status import status
from services.rights.model.law import Law
from services.rights.model.people import Decided, Question, Unusable
from services.rights.wire.decisions import encode_decision, encode_sources
from services.wire import values
from services.wire.head import encode_information_supplier

CONTRACT = "RIGHTS"
PLACE = SectorInstitution(25, 1)
"""Where rights is in the network: the Crossroads Bank's own service beside the buffer."""
MOST_QUESTIONS = 256
MOST_RIGHTS = 20


def decode_questions(request: pb.AnswerRequest) -> list[Question | Unusable]:
    """The questions in order; fails naming the first field that no mesh would send."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    return [_question(asked, f"questions[{n}]") for n, asked in enumerate(request.questions)]


def _question(asked: pb.Question, path: str) -> Question | Unusable:
    if asked.data_contract != CONTRACT:
        raise invalid(f"{path}.data_contract", f"must be {CONTRACT}")
    person = parse_ssin(asked.ssin, field=f"{path}.ssin")
    period = values.decode_period(asked.period, f"{path}.period")
    if period.end != period.begin:
        return Unusable("period", "must be a day")
    criteria = data_pb.RightsCriteria()
    try:
        readable = asked.HasField("criteria") and asked.criteria.Unpack(criteria)
    except DecodeError:
        readable = False
    if not readable:
        return Unusable("criteria", "must be RightsCriteria")
    rights = tuple(criteria.rights)
    if not 1 <= len(rights) <= MOST_RIGHTS:
        return Unusable("criteria.rights", f"must be 1 to {MOST_RIGHTS}")
    if len(set(rights)) < len(rights):
        return Unusable("criteria.rights", "must be different ones")
    customer = asked.information_customer.customer_identification
    return Question(person, period.begin, rights, _customer(customer))


def _customer(told: organization_pb2.Organization) -> str:
    if told.WhichOneof("identification") == "cbe_number":
        return told.cbe_number
    return f"{told.sector_institution.sector}.{told.sector_institution.institution}"


@dataclass(frozen=True)
class Answers:
    """Makes the answers of this source, each with a ticket and times."""

    law: Law
    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def encode_response(
        self,
        request: pb.AnswerRequest,
        received_at: datetime,
        results: Sequence[Decided | Unusable],
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
        found: Decided | Unusable,
    ) -> pb.Answer:
        answer = pb.Answer()
        answer.ssin.ssin = asked.ssin
        answer.information_supplier.CopyFrom(
            encode_information_supplier(PLACE, self.new_ticket(), received_at, replied_at)
        )
        if isinstance(found, Unusable):
            said = ("fieldName", found.field), ("fieldValue", found.description)
            answer.status.CopyFrom(values.encode_status(status("MSG00008", *said)))
            return answer
        answer.status.CopyFrom(values.encode_status(status("MSG00000")))
        answer.data.Pack(self._decisions(found, parse_ssin(asked.ssin)))
        return answer

    def _decisions(self, found: Decided, person: Ssin) -> data_pb.RightDecisions:
        return data_pb.RightDecisions(
            decisions=[
                encode_decision(self.law, one, person, to_citizen=False) for one in found.rights
            ],
            sources=encode_sources(found.sources),
        )

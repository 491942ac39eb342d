"""`cbss.routing.v1`'s messages of a stream on which a source is asked, and their nouns."""

from collections.abc import AsyncIterator, Sequence

from cbss.routing.v1 import attach_service_pb2 as pb
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb

from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import invalid
from services.routing.attaching.model import (
    Answer,
    Answering,
    Asking,
    Attached,
    Detaching,
    Heard,
    Heartbeat,
    Question,
    Told,
)

USUAL_CREDIT = 256
MOST_QUESTIONS = 256


async def decode_opening(requests: AsyncIterator[pb.AttachRequest]) -> pb.AttachOpening:
    """The first message, which says who attaches."""
    async for request in requests:
        if request.HasField("opening"):
            return request.opening
        break
    raise invalid("opening", "must be the first message")


def decode_credit(opening: pb.AttachOpening) -> int:
    """How many questions may be unanswered."""
    return opening.credit or USUAL_CREDIT


async def decode_heard(requests: AsyncIterator[pb.AttachRequest]) -> AsyncIterator[Heard]:
    """What the source says after that."""
    async for request in requests:
        yield _decode_said(request)


def _decode_said(request: pb.AttachRequest) -> Heard:
    match request.WhichOneof("said"):
        case "answering":
            told = request.answering
            return Answering(told.number, list(told.response.answers))
        case "heartbeat":
            return Heartbeat()
        case "detaching":
            return Detaching()
        case "opening":
            raise invalid("opening", "must be the first message only")
    raise invalid("said", "is required")


def encode_told(told: Told) -> pb.AttachResponse:
    """What the mesh says."""
    match told:
        case Attached(heartbeat, credit):
            message = pb.AttachResponse(attached=pb.AttachAttached(credit=credit))
            message.attached.heartbeat_interval.FromTimedelta(heartbeat)
        case Asking(number, questions, time_left):
            request = supplier_pb.AnswerRequest(questions=questions)
            message = pb.AttachResponse(asking=pb.AttachAsking(number=number, request=request))
            if time_left is not None:
                message.asking.time_left.FromTimedelta(time_left)
        case Heartbeat():
            message = pb.AttachResponse(heartbeat=pb.AttachHeartbeat())
        case _:
            message = pb.AttachResponse(leaving=pb.AttachLeaving())
    return message


def decode_asked(request: supplier_pb.AnswerRequest) -> tuple[EnterpriseNumber, Sequence[Question]]:
    """Who is asked, and what."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    source = parse_enterprise_number(request.supplier_cbe_number, field="supplier_cbe_number")
    return source, list(request.questions)


def encode_answers(answers: Sequence[Answer]) -> supplier_pb.AnswerResponse:
    """What the source answered."""
    return supplier_pb.AnswerResponse(answers=answers)

"""The RPCs of messages that want an answer: decode, call, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import grpc.aio
from cbss.common.v1 import information_pb2
from cbss.routing.v1 import submission_service_pb2 as pb
from cbss.routing.v1 import submission_service_pb2_grpc as rpc

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.kit import caller, trace
from services.routing.model import Catalogue
from services.routing.notices.wire import decode_call
from services.routing.submissions import wire
from services.routing.submissions.usecases import Submissions

Context = grpc.aio.ServicerContext[Any, Any]


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


@dataclass(frozen=True)
class SubmissionServicer(rpc.SubmissionServiceServicer):  # type: ignore[misc]
    """Serves `cbss.routing.v1.SubmissionService`."""

    submissions: Submissions
    catalogues: Catalogues
    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    async def SubmitMessage(
        self, request: pb.SubmitMessageRequest, context: Context
    ) -> pb.SubmitMessageResponse:
        call = self._call(request.information_customer, "SubmitMessage")
        outcome = await self.submissions.submit(wire.decode_submission(request, call))
        return wire.encode_submit_message_response(request, call, outcome, self.now())

    async def AnswerSubmission(
        self, request: pb.AnswerSubmissionRequest, context: Context
    ) -> pb.AnswerSubmissionResponse:
        call = self._call(request.information_customer, "AnswerSubmission")
        await self.submissions.answer(call, *wire.decode_answer(request))
        return pb.AnswerSubmissionResponse(
            information_cbss=encode_information_cbss(call, self.now())
        )

    async def ListAnswers(
        self, request: pb.ListAnswersRequest, context: Context
    ) -> pb.ListAnswersResponse:
        call = self._call(request.information_customer, "ListAnswers")
        found = await self.submissions.answers(call, wire.decode_reference(request))
        catalogue = self.catalogues.current()
        return wire.encode_list_answers_response(call, found, catalogue, self.now())

    def _call(self, information: information_pb2.InformationCustomer, name: str) -> Call:
        asking, ticket = caller.current(), self.new_ticket()
        return decode_call(
            information, asking, name, ticket, self.now(), trace.trace_id(), wire.SERVICE
        )

"""Requests become questions. Parsing happens here and nowhere else.

What makes the envelope unusable is INVALID_ARGUMENT; what makes its content senseless is kept in
the question, so that the requester's check is answered first.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import routing_service_pb2 as pb
from google.type import date_pb2

from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.period import Period
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.subject import CbeNumber, parse_cbe_number
from services.kit.caller import Caller
from services.routing.model import Exchange, InvalidContent, Question, ResultsAction
from services.routing.rules.planning import MOST_INTEGRATORS
from services.routing.wire.payloads import decode_payload
from services.wire.head import decode_certificate, decode_head

RPC = "cbss.routing.v1.RoutingService/Consult"


def decode_question(
    request: pb.ConsultRequest, day: date, goes_on: Mapping[EnterpriseNumber, str] | None = None
) -> Question:
    """The consultation that a request asks for, on a Belgian day."""
    if bool(request.ssin) == bool(request.cbe_number):
        raise invalid("ssin", "must be given, or `cbe_number` instead: one of the two")
    return Question(
        head=decode_head(request.information_customer, request.legal_context),
        contract=parse_contract_name(request.data_contract, request.contract_version),
        ssin=decode_ssin(request.ssin) if request.ssin else None,
        period=decode_moment(request, day),
        criteria=decode_payload(request.criteria) if request.HasField("criteria") else None,
        enterprise=decode_enterprise(request.cbe_number) if request.cbe_number else None,
        goes_on=goes_on or {},
        via=_via(request.via),
    )


def decode_ssin(text: str) -> Ssin | None:
    """The number of a person; nothing if it is none."""
    try:
        return parse_ssin(text)
    except InvalidArgument:
        return None


def decode_enterprise(text: str) -> CbeNumber | InvalidContent:
    """The enterprise or the establishment that a text names, or what is wrong with it."""
    try:
        return parse_cbe_number(text)
    except InvalidArgument as wrong:
        return InvalidContent("cbe_number", wrong.violations[0].description)


def _via(told: Sequence[str]) -> tuple[EnterpriseNumber, ...]:
    if len(told) > MOST_INTEGRATORS:
        raise invalid("via", f"must be at most {MOST_INTEGRATORS}")
    return tuple(
        parse_enterprise_number(number, field=f"via[{at}]") for at, number in enumerate(told)
    )


def decode_moment(
    request: pb.ConsultRequest | batch_pb2.BatchHeader, day: date
) -> Period | InvalidContent:
    """The days that are asked; without them the day of the question."""
    match request.WhichOneof("moment"):
        case "date":
            begin = end = _day(request.date, "date")
        case "period":
            begin = _day(request.period.begin_date, "period.begin_date")
            ends = request.period.HasField("end_date")
            end = _day(request.period.end_date, "period.end_date") if ends else day
        case _:
            begin = end = day
    if isinstance(begin, InvalidContent):
        return begin
    if isinstance(end, InvalidContent):
        return end
    if end < begin:
        return InvalidContent("period.end_date", "must not be before the first day")
    return Period(begin, end)


def _day(given: date_pb2.Date, field: str) -> date | InvalidContent:
    try:
        return date(given.year, given.month, given.day)
    except ValueError:
        return InvalidContent(field, "must be a calendar day")


def decode_results_action(request: pb.ConsultRequest) -> ResultsAction:
    """Whether the answer may come in a batch."""
    try:
        action = ResultsAction(request.results_action or ResultsAction.ONLINE_ONLY.value)
    except ValueError:
        raise invalid("results_action", "must be one of those listed") from None
    if action is not ResultsAction.ONLINE_ONLY and (request.page_token or request.via):
        raise invalid(
            "results_action",
            "must be RESULTS_ACTION_ONLINE_ONLY where `page_token` or `via` is given",
        )
    return action


def decode_exchange(
    request: pb.ConsultRequest,
    caller: Caller,
    new_id: Callable[[], UUID],
    now: datetime,
    day: date,
    trace: str,
    goes_on: Mapping[EnterpriseNumber, str] | None = None,
) -> Exchange:
    """A request on its way, with all that is recorded of it."""
    return Exchange(
        new_id(),
        now,
        day,
        decode_certificate(caller),
        decode_question(request, day, goes_on),
        RPC,
        new_id(),
        trace,
    )

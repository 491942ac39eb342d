"""Outcomes become answers, with the question echoed."""

from datetime import datetime
from functools import lru_cache

from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import routing_service_pb2 as pb

from services.concepts.organization import Organization
from services.concepts.status import Status
from services.routing.model import Exchange, Outcome, SourceAnswer
from services.routing.wire import payloads
from services.wire import values


def encode_consult_response(
    request: pb.ConsultRequest, outcome: Outcome, next_page: str = ""
) -> pb.ConsultResponse:
    """The answer to a request: its own blocks echoed, then the outcome."""
    response = encode_echo(request, outcome.exchange, outcome.status, outcome.replied_at)
    response.results.extend(encode_source_result(given) for given in outcome.answers)
    response.next_page_token = next_page
    encode_report(outcome, response)
    return response


def encode_echo(
    request: pb.ConsultRequest, exchange: Exchange, told: Status, replied_at: datetime | None
) -> pb.ConsultResponse:
    """The answer to a request without results: its own blocks echoed, and a status."""
    response = pb.ConsultResponse(
        information_customer=request.information_customer,
        legal_context=request.legal_context,
        data_contract=request.data_contract,
        contract_version=exchange.question.contract.version,
        status=values.encode_status(told),
    )
    information = response.information_cbss
    information.ticket_cbss = str(exchange.ticket)
    information.received_at.CopyFrom(values.encode_instant(exchange.received_at))
    if replied_at is not None:
        information.replied_at.CopyFrom(values.encode_instant(replied_at))
    _echo(request, exchange, response)
    return response


def _echo(request: pb.ConsultRequest, exchange: Exchange, response: pb.ConsultResponse) -> None:
    match request.WhichOneof("moment"):
        case "period":
            response.period.CopyFrom(request.period)
        case "date":
            response.date.CopyFrom(request.date)
        case _:
            response.date.CopyFrom(values.encode_day(exchange.day))
    if request.HasField("criteria"):
        response.criteria.CopyFrom(request.criteria)
    question = exchange.question
    if question.names_person:
        ssin = question.ssin
        response.ssin.ssin = request.ssin if ssin is None else ssin.digits
    else:
        number = question.number
        response.cbe_number = request.cbe_number if number is None else number.digits


def encode_report(outcome: Outcome, response: pb.ConsultResponse | batch_pb2.BatchResult) -> None:
    """Put into an answer what became of the number, what was cut, and by which deliberation."""
    if outcome.canceled:
        response.ssin.canceled = True
    if outcome.successor is not None:
        response.ssin.replaces = response.ssin.ssin
        response.ssin.ssin = outcome.successor.digits
    if outcome.replaced_by is not None:
        response.ssin.replaced_by = outcome.replaced_by
    if outcome.cut:
        response.data_filters.filtered_elements.extend(outcome.cut)
    if outcome.deliberation is not None:
        response.deliberation.number = outcome.deliberation.number
        response.deliberation.version = outcome.deliberation.version


def encode_source_result(given: SourceAnswer) -> pb.SourceResult:
    """What one source answered, as it is read."""
    if not given.asked:
        supplier = given.source.supplier
        return _unasked(supplier.place or supplier.cbe_number, given.status)
    result = pb.SourceResult(
        status=values.encode_status(given.status),
        has_more=bool(given.next),
        unsupported_data=given.unsupported,
    )
    supplier = given.source.supplier
    information = result.information_supplier
    information.supplier_identification.CopyFrom(
        values.encode_organization(supplier.place or supplier.cbe_number)
    )
    information.ticket = given.ticket
    if given.received_at is not None:
        information.received_at.CopyFrom(values.encode_instant(given.received_at))
    if given.replied_at is not None:
        information.replied_at.CopyFrom(values.encode_instant(given.replied_at))
    if given.payload is not None:
        result.data.CopyFrom(payloads.encode_any(given.payload))
    return result


@lru_cache(maxsize=4096)
def _unasked(supplier: Organization, told: Status) -> pb.SourceResult:
    """What is said of a source that was not asked, alike for everybody: to be copied."""
    result = pb.SourceResult(status=values.encode_status(told))
    result.information_supplier.supplier_identification.CopyFrom(
        values.encode_organization(supplier)
    )
    return result

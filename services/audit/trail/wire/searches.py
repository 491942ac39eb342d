"""Questions about exchanges, persons, customers and purposes, and what was found."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as pb

from services.audit.trail.form import is_instant, message, read
from services.audit.trail.model import ALERT, Inquiry, Kept, Listed, Search
from services.audit.trail.wire.inquiries import Reader, encode_places
from services.audit.trail.wire.records import decode_identification
from services.concepts.enterprise_number import (
    EnterpriseNumber,
    parse_enterprise_number,
)
from services.concepts.failures import invalid
from services.concepts.ssin import Ssin, parse_ssin

LONGEST_CONTEXT = 64
LONGEST_SPAN = timedelta(days=366)
_CHECK_DIGITS = 100


def decode_inquiry(request: pb.ListExchangesRequest, reader: Reader) -> Inquiry:
    """A question about an exchange, a person, or what records have in common."""
    about: UUID | Ssin | Search
    match request.WhichOneof("about"):
        case "ticket_cbss":
            about = decode_identification(request.ticket_cbss, "ticket_cbss")
        case "ssin":
            about = parse_ssin(request.ssin)
        case "search":
            about = _searched(request.search)
        case _:
            raise invalid("ticket_cbss", "must be told, or ssin, or search")
    page = reader.page(request)
    ticket = about if isinstance(about, UUID) else None
    person = about if isinstance(about, Ssin) else None
    return Inquiry(about, page, reader.reading(request, ticket, person))


def _searched(told: pb.ExchangeSearch) -> Search:
    customer, path = None, "search."
    if told.customer_cbe_number:
        field = f"{path}customer_cbe_number"
        customer = _customer(parse_enterprise_number(told.customer_cbe_number, field=field))
    elif not told.legal_context:
        raise invalid(f"{path}customer_cbe_number", "must be told, or legal_context")
    return _search(told, customer, path)


def decode_list_own_exchanges(request: pb.ListOwnExchangesRequest, reader: Reader) -> Inquiry:
    """An organization's question about itself."""
    organization = reader.call.certificate.organization
    customer = 0 if organization is None else _customer(organization)
    search = _search(request, customer)
    page = reader.page(request)
    return Inquiry(search, page, reader.reading(request, None, None))


def is_alert(kept: Kept) -> bool:
    """Whether a record is an alert of misuse."""
    return bool(message(kept).rpc == ALERT)


def encode_list_exchanges_response(listed: Listed, reader: Reader) -> pb.ListExchangesResponse:
    """A page of what was found."""
    return pb.ListExchangesResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=encode_places(listed),
    )


def encode_list_own_exchanges_response(
    listed: Listed, reader: Reader
) -> pb.ListOwnExchangesResponse:
    """A page of an organization's own records."""
    return pb.ListOwnExchangesResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=encode_places(listed),
    )


def _customer(number: EnterpriseNumber) -> int:
    return number.number // _CHECK_DIGITS


def _search(
    request: pb.ExchangeSearch | pb.ListOwnExchangesRequest, customer: int | None, path: str = ""
) -> Search:
    if len(request.legal_context) > LONGEST_CONTEXT:
        raise invalid(f"{path}legal_context", f"must be at most {LONGEST_CONTEXT} characters")
    begins, ends = (_instant(request, field, path) for field in ("recorded_from", "recorded_until"))
    if not begins < ends <= begins + LONGEST_SPAN:
        raise invalid(f"{path}recorded_until", "must be after recorded_from, by at most 366 days")
    return Search(customer, request.legal_context, begins, ends)


def _instant(
    request: pb.ExchangeSearch | pb.ListOwnExchangesRequest, field: str, path: str
) -> datetime:
    told = getattr(request, field)
    if not request.HasField(field) or not is_instant(told):
        raise invalid(f"{path}{field}", "must be an instant from 1970 to 2262")
    at: datetime = told.ToDatetime(UTC)
    return at

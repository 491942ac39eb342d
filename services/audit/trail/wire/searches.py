"""Searches by customer, purpose and time, and what was found."""

from datetime import UTC, datetime, timedelta

from cbss.audit.v1 import audit_service_pb2 as pb

from services.audit.trail.form import is_instant, message, read
from services.audit.trail.model import ALERT, Inquiry, Kept, Listed, Search
from services.audit.trail.wire.inquiries import Reader, places
from services.concepts.enterprise_number import (
    EnterpriseNumber,
    parse_enterprise_number,
)
from services.concepts.failures import invalid

LONGEST_CONTEXT = 64
LONGEST_SPAN = timedelta(days=366)
_CHECK_DIGITS = 100


def searched(request: pb.SearchExchangesRequest, reader: Reader) -> Inquiry:
    """A question about a customer or a purpose."""
    customer = None
    if request.customer_cbe_number:
        number = parse_enterprise_number(request.customer_cbe_number, field="customer_cbe_number")
        customer = _customer(number)
    elif not request.legal_context:
        raise invalid("customer_cbe_number", "must be told, or legal_context")
    search = _search(request, customer)
    page = reader.page(request)
    return Inquiry(search, page, reader.reading(request, None, None))


def own(request: pb.ListOwnExchangesRequest, reader: Reader) -> Inquiry:
    """An organization's question about itself."""
    organization = reader.call.certificate.organization
    customer = 0 if organization is None else _customer(organization)
    search = _search(request, customer)
    page = reader.page(request)
    return Inquiry(search, page, reader.reading(request, None, None))


def is_alert(kept: Kept) -> bool:
    """Whether a record is an alert of misuse."""
    return bool(message(kept).rpc == ALERT)


def found(listed: Listed, reader: Reader) -> pb.SearchExchangesResponse:
    """A page of what was found."""
    return pb.SearchExchangesResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=places(listed),
    )


def found_own(listed: Listed, reader: Reader) -> pb.ListOwnExchangesResponse:
    """A page of an organization's own records."""
    return pb.ListOwnExchangesResponse(
        records=read(listed.kept),
        next_page_token=reader.token(listed.after),
        places=places(listed),
    )


def _customer(number: EnterpriseNumber) -> int:
    return number.number // _CHECK_DIGITS


def _search(
    request: pb.SearchExchangesRequest | pb.ListOwnExchangesRequest, customer: int | None
) -> Search:
    if len(request.legal_context) > LONGEST_CONTEXT:
        raise invalid("legal_context", f"must be at most {LONGEST_CONTEXT} characters")
    begins, ends = _instant(request, "recorded_from"), _instant(request, "recorded_until")
    if not begins < ends <= begins + LONGEST_SPAN:
        raise invalid("recorded_until", "must be after recorded_from, by at most 366 days")
    return Search(customer, request.legal_context, begins, ends)


def _instant(
    request: pb.SearchExchangesRequest | pb.ListOwnExchangesRequest, field: str
) -> datetime:
    told = getattr(request, field)
    if not request.HasField(field) or not is_instant(told):
        raise invalid(field, "must be an instant from 1970 to 2262")
    at: datetime = told.ToDatetime(UTC)
    return at

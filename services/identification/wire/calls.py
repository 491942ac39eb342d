"""The head that all public requests and answers share: who asks, for what, on which ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cbss.common.v1 import information_pb2

from services.concepts.enterprise_number import (
    parse_enterprise_number,
    parse_organization_identifier,
)
from services.concepts.legal_context import LegalContext, parse_legal_context
from services.concepts.organization import Organization, parse_sector_institution
from services.concepts.status import Status
from services.identification.model.calls import Call
from services.identification.wire import values
from services.kit import caller, trace
from services.kit.clock import belgian_day

LONGEST_TICKET = 36
_SERVICE = "cbss.identification.v1.IdentificationService"


@dataclass(frozen=True)
class Calls:
    """Opens calls, and heads their answers."""

    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def opened(self, rpc: str, request: Any, *, has_purpose: bool = True) -> Call:
        """The call that a request makes; fails when its envelope is unusable."""
        information, now = request.information_customer, self.now()
        if not 1 <= len(information.ticket) <= LONGEST_TICKET:
            raise values.invalid("information_customer.ticket", "must be 1 to 36 characters")
        client = caller.current().client
        identifier = None if client is None else client.organization_identifier
        return Call(
            self.new_ticket(),
            now,
            belgian_day(now),
            f"{_SERVICE}/{rpc}",
            information.ticket,
            _organization(information),
            parse_legal_context(request.legal_context) if has_purpose else LegalContext(""),
            None if identifier is None else parse_organization_identifier(identifier),
            "" if client is None else client.public_key_sha256,
            "" if client is None else client.certificate_sha256,
            trace.trace_id(),
        )

    def head(self, request: Any, call: Call, ended: Status) -> dict[str, Any]:
        """What every answer begins with: the question's own blocks, the ticket, the status."""
        return {
            "information_customer": request.information_customer,
            "information_cbss": information_pb2.InformationCbss(
                ticket_cbss=str(call.ticket),
                received_at=values.instant(call.received_at),
                replied_at=values.instant(self.now()),
            ),
            "status": values.status(ended),
        }


def _organization(information: information_pb2.InformationCustomer) -> Organization:
    field = "information_customer.customer_identification"
    named = information.customer_identification
    match named.WhichOneof("identification"):
        case "cbe_number":
            return parse_enterprise_number(named.cbe_number, field=f"{field}.cbe_number")
        case "sector_institution":
            place = named.sector_institution
            return parse_sector_institution(
                place.sector, place.institution, field=f"{field}.sector_institution"
            )
    raise values.invalid(field, "must name an organization")

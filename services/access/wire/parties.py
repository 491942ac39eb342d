"""Who calls and for whom, between the contract's messages and the model."""

from cbss.access.v1 import access_service_pb2 as pb

from services.access.model import Claim, Party
from services.concepts.enterprise_number import (
    EnterpriseNumber,
    find_flaw,
    parse_enterprise_number,
)
from services.wire import values


def decode_claim(request: pb.CheckCallerRequest) -> Claim:
    """What the certificate says and for whom its holder wants to act."""
    return Claim(
        _certified(request.cbe_number),
        request.public_key_sha256,
        values.decode_organization(request.customer, "customer")
        if request.HasField("customer")
        else None,
    )


def encode_check_caller_response(party: Party) -> pb.CheckCallerResponse:
    """The organizations as they are answered."""
    place = party.customer.place
    return pb.CheckCallerResponse(
        caller_cbe_number=party.caller.cbe_number.digits,
        customer_cbe_number=party.customer.cbe_number.digits,
        customer_sector_institution=None if place is None else values.encode_place(place),
    )


def _certified(digits: str) -> EnterpriseNumber | None:
    # The number stands in a certificate: when it is none, it is not the request that is wrong.
    return None if find_flaw(digits) is not None else parse_enterprise_number(digits)

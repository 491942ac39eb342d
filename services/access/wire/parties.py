"""Who calls and for whom, between the contract's messages and the model."""

from cbss.access.v1 import access_service_pb2 as pb
from cbss.common.v1 import organization_pb2

from services.access.model import Claim, Party
from services.concepts.enterprise_number import (
    EnterpriseNumber,
    find_flaw,
    parse_enterprise_number,
)
from services.concepts.failures import invalid
from services.concepts.organization import (
    Organization,
    SectorInstitution,
    parse_sector_institution,
)


def claim(request: pb.CheckCallerRequest) -> Claim:
    """What the certificate says and for whom its holder wants to act."""
    return Claim(
        _certified(request.cbe_number),
        request.public_key_sha256,
        organization(request.customer, "customer") if request.HasField("customer") else None,
    )


def response(party: Party) -> pb.CheckCallerResponse:
    """The organizations as they are answered."""
    return pb.CheckCallerResponse(
        caller_cbe_number=party.caller.cbe_number.digits,
        customer_cbe_number=party.customer.cbe_number.digits,
        customer_sector_institution=place(party.customer.place),
    )


def organization(named: organization_pb2.Organization, field: str) -> Organization:
    """The organization that a message names; fails naming the field."""
    match named.WhichOneof("identification"):
        case "cbe_number":
            return parse_enterprise_number(named.cbe_number, field=f"{field}.cbe_number")
        case "sector_institution":
            at = named.sector_institution
            return parse_sector_institution(
                at.sector, at.institution, field=f"{field}.sector_institution"
            )
    raise invalid(field, "must name an organization")


def place(at: SectorInstitution | None) -> organization_pb2.SectorInstitution | None:
    """A place in the network, if there is one."""
    if at is None:
        return None
    return organization_pb2.SectorInstitution(sector=at.sector, institution=at.institution)


def _certified(digits: str) -> EnterpriseNumber | None:
    # The number stands in a certificate: when it is none, it is not the request that is wrong.
    return None if find_flaw(digits) is not None else parse_enterprise_number(digits)

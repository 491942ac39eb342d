"""Who calls: the organization of the certificate, and for whom it may act."""

from collections.abc import Mapping

from services.access.model import Claim, Party
from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.party import find_caller, find_customer
from services.concepts.reference import Organization

Admitted = Mapping[EnterpriseNumber, Organization]
"""The organizations of the network by their number."""


def party(claim: Claim, admitted: Admitted) -> Party:
    """The caller behind a certificate and the customer for which it acts; fails if it may not."""
    caller = find_caller(claim.organization, claim.public_key_sha256, admitted)
    if caller is None:
        raise OrganizationUnknown
    asked = claim.customer
    customer = caller if asked is None else find_customer(caller, asked, admitted)
    if customer is None:
        raise CustomerNotTheCaller
    return Party(caller, customer)

"""Who calls: the organization of the certificate, and for whom it may act.

Source: the circles of trust (seed slide 38): the integrator knows organizations by their
certificates, and a managing institution acts for the secondary network behind it.
"""

from collections.abc import Mapping

from services.access.errors import CustomerNotTheCaller, OrganizationUnknown
from services.access.model import Claim, KnownOrganization, Party
from services.concepts.enterprise_number import EnterpriseNumber

Admitted = Mapping[EnterpriseNumber, KnownOrganization]
"""The organizations of the network by their number."""


def party(claim: Claim, admitted: Admitted) -> Party:
    """The caller behind a certificate and the customer for which it acts; fails if it may not."""
    caller = _caller(claim, admitted)
    return Party(caller, _customer(caller, claim, admitted))


def _caller(claim: Claim, admitted: Admitted) -> KnownOrganization:
    # The key counts, not the certificate: a renewed one on the same key needs no new onboarding.
    if claim.organization is None:
        raise OrganizationUnknown
    known = admitted.get(claim.organization)
    if known is None or claim.public_key_sha256 not in known.public_keys:
        raise OrganizationUnknown
    return known


def _customer(caller: KnownOrganization, claim: Claim, admitted: Admitted) -> KnownOrganization:
    customer = claim.customer
    if customer is None or customer in (caller.cbe_number, caller.place):
        return caller
    # By enterprise number only: a place such as 17.1 names hundreds of organizations.
    if isinstance(customer, EnterpriseNumber) and customer in caller.manages:
        managed = admitted.get(customer)
        if managed is not None:
            return managed
    raise CustomerNotTheCaller

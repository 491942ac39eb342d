"""Who asks: the organization of the certificate, and for whom it may."""

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization
from services.routing.errors import CustomerNotTheCaller, OrganizationUnknown
from services.routing.model import Catalogue, Certificate, OnboardedOrganization, Party


def party(certificate: Certificate, customer: Organization, catalogue: Catalogue) -> Party:
    """The caller behind the certificate and the customer it asks for; fails if it may not."""
    caller = _caller(certificate, catalogue)
    return Party(caller, _customer(caller, customer, catalogue))


def _caller(certificate: Certificate, catalogue: Catalogue) -> OnboardedOrganization:
    # The key counts, not the certificate: a renewed one on the same key needs no new onboarding.
    if certificate.organization is None:
        raise OrganizationUnknown()
    known = catalogue.organizations.get(certificate.organization)
    if known is None or certificate.public_key_sha256 not in known.public_keys:
        raise OrganizationUnknown()
    return known


def _customer(
    caller: OnboardedOrganization, customer: Organization, catalogue: Catalogue
) -> OnboardedOrganization:
    if customer in (caller.cbe_number, caller.place):
        return caller
    # Managing institutions ask for their secondary network, by enterprise number only: a place
    # such as 17.1 names hundreds of organizations.
    if isinstance(customer, EnterpriseNumber) and customer in caller.managed:
        managed = catalogue.organizations.get(customer)
        if managed is not None:
            return managed
    raise CustomerNotTheCaller()

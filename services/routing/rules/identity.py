"""Who asks: the organization of the certificate, and for whom it may."""

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.concepts.organization import Organization
from services.concepts.party import Certificate, find_caller, find_customer
from services.routing.model import Catalogue, Party


def party(certificate: Certificate, customer: Organization, catalogue: Catalogue) -> Party:
    """The caller behind the certificate and the customer it asks for; fails if it may not."""
    admitted = catalogue.organizations
    caller = find_caller(certificate.organization, certificate.public_key_sha256, admitted)
    if caller is None:
        raise OrganizationUnknown()
    found = find_customer(caller, customer, admitted)
    if found is None:
        raise CustomerNotTheCaller()
    return Party(caller, found)

"""Who somebody is: the organization of a certificate and its customer, or a citizen."""

from collections.abc import Collection

from services.admission.errors import (
    CitizenUnknown,
    CustomerNotTheCaller,
    OrganizationUnknown,
    TokenEnded,
    TokenUnusable,
)
from services.admission.model import Party
from services.concepts.citizen import Citizen, Flaw, find_citizen
from services.concepts.organization import Organization
from services.concepts.party import Admitted, Certificate, O, find_caller, find_customer
from services.concepts.ssin import Ssin

_FLAWS = {Flaw.ENDED: TokenEnded, Flaw.UNUSABLE: TokenUnusable}


def party(certificate: Certificate, customer: Organization, members: Admitted[O]) -> Party[O]:
    """The caller behind a certificate and the customer it acts for; fails if it may not."""
    caller = find_caller(certificate.organization, certificate.public_key_sha256, members)
    if caller is None:
        raise OrganizationUnknown
    found = find_customer(caller, customer, members)
    if found is None:
        raise CustomerNotTheCaller
    return Party(caller, found)


def citizen_of(citizen: Citizen, authorities: Collection[str]) -> Ssin:
    """Whose certificate or token it is; fails if it is of none of the authorities, or of no
    person."""
    if citizen.flaw is not None:
        raise _FLAWS[citizen.flaw]
    found = find_citizen(citizen, authorities)
    if found is None:
        raise CitizenUnknown
    return found

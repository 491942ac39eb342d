"""Who calls: the organization of a certificate, and for whom it may act.

Source: the circles of trust (slide 38): the integrator knows organizations by their
certificates, and a managing institution acts for the secondary network behind it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization, SectorInstitution


@dataclass(frozen=True, slots=True)
class Certificate:
    """The client certificate that the gateway verified."""

    organization: EnterpriseNumber | None
    """Absent when it names none."""
    public_key_sha256: str
    certificate_sha256: str


NO_CERTIFICATE = Certificate(None, "", "")


class Onboarded(Protocol):
    """An organization as a service keeps it."""

    @property
    def cbe_number(self) -> EnterpriseNumber: ...

    @property
    def place(self) -> SectorInstitution | None: ...

    @property
    def public_keys(self) -> Collection[str]: ...

    @property
    def managed(self) -> Collection[EnterpriseNumber]: ...


O = TypeVar("O", bound=Onboarded)  # noqa: E741
Admitted = Mapping[EnterpriseNumber, O]


def find_caller(
    organization: EnterpriseNumber | None, public_key_sha256: str, admitted: Admitted[O]
) -> O | None:
    """The organization of a certificate; nothing if it is not known, or not with this key."""
    # The key counts, not the certificate: a renewed one on the same key needs no new onboarding.
    known = None if organization is None else admitted.get(organization)
    return known if known is not None and public_key_sha256 in known.public_keys else None


def find_customer(caller: O, customer: Organization, admitted: Admitted[O]) -> O | None:
    """The organization that the caller acts for; nothing if it may not act for it."""
    if customer in (caller.cbe_number, caller.place):
        return caller
    # By enterprise number only: a place such as 17.1 names hundreds of organizations.
    if isinstance(customer, EnterpriseNumber) and customer in caller.managed:
        return admitted.get(customer)
    return None

"""The organizations of the network, and who of them is calling for whom."""

from dataclasses import dataclass

from services.concepts import reference
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization, SectorInstitution


@dataclass(frozen=True, slots=True)
class KnownOrganization:
    """An organization as it was admitted: who it is, on which keys it calls, for whom it may."""

    cbe_number: EnterpriseNumber
    name: str
    place: SectorInstitution | None
    public_keys: frozenset[str]
    """SHA-256 of the SubjectPublicKeyInfo, hexadecimal."""
    managed: frozenset[EnterpriseNumber]
    kind: str = ""
    """What it is, by the list of kinds; empty if nobody has established it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a client certificate says, and for whom its holder wants to act."""

    organization: EnterpriseNumber | None
    """Absent if the certificate names none."""
    public_key_sha256: str
    customer: Organization | None
    """Absent if it acts for itself."""


@dataclass(frozen=True, slots=True)
class Party:
    """The organization that calls, and the one for which it acts; often the same."""

    caller: reference.Organization
    customer: reference.Organization

"""Which organization of the network is calling, and for whom."""

from dataclasses import dataclass

from services.concepts import reference
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization


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

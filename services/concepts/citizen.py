"""A citizen who asks what is kept about him, on the certificate of his card or on the access token
that he got by signing in.

Source: General Data Protection Regulation, article 15.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from services.concepts.ssin import Ssin

OWN_RIGHT = "the person's own right of access"
"""Why a citizen reads, as the trail records it."""


class Flaw(Enum):
    """Why the access token that a call came with is nobody's."""

    ENDED = "ended"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who a certificate or a token says a citizen is, and which authority says so."""

    ssin: Ssin | None
    issuer: str
    flaw: Flaw | None = None


def find_citizen(citizen: Citizen, authorities: Collection[str]) -> Ssin | None:
    """Whose certificate it is; nothing if it is of none of the authorities, or of no person."""
    return citizen.ssin if citizen.issuer in authorities else None

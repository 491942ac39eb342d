"""A citizen who asks what is kept about him, on the certificate of his card.

Source: General Data Protection Regulation, article 15.
"""

from collections.abc import Collection
from dataclasses import dataclass

from services.concepts.ssin import Ssin

OWN_RIGHT = "the person's own right of access"
"""Why a citizen reads, as the trail records it."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who a certificate says a citizen is, and which authority says so."""

    ssin: Ssin | None
    issuer: str


def find_citizen(citizen: Citizen, authorities: Collection[str]) -> Ssin | None:
    """Whose certificate it is; nothing if it is of none of the authorities, or of no person."""
    return citizen.ssin if citizen.issuer in authorities else None

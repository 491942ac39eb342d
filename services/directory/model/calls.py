"""What all questions of institutions have in common."""

from dataclasses import dataclass
from enum import Enum

from services.concepts.head import Head
from services.concepts.ssin import Ssin


@dataclass(frozen=True, slots=True)
class Asked:
    """What all questions of institutions have in common."""

    head: Head
    person: Ssin | None = None
    """Nothing if the number is malformed: that is answered, once the caller may know."""


class ProofVerdict(Enum):
    """What identification says of a proof of identity."""

    AGREES = 1
    DIFFERS = 2
    UNVERIFIABLE = 3

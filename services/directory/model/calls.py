"""What all questions of institutions have in common."""

from dataclasses import dataclass
from enum import Enum

from services.concepts.head import Head
from services.concepts.ssin import Ssin
from services.concepts.status import Status


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
    """There is nothing to compare it with: nobody is known by the number, or the National Register
    gave no usable answer."""


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """What comes of a proof of identity."""

    verdict: ProofVerdict
    register: Status | None = None
    """How the National Register answered, if it was asked."""

"""Units, their temporary numbers and codes, and what is known of them on the way."""

from dataclasses import dataclass
from enum import Enum

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin

CODE_BYTES = 16
TEMPORARY_BYTES = 49
"""A synthetic initialization vector of 16, the kind of unit, and two codes, all encrypted."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What data are about: a person or an enterprise, and the household of the person."""

    number: Ssin | EnterpriseNumber
    household: Ssin | None = None
    """Its reference person."""


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """A unit as its recipient knows it."""

    code: bytes
    household: bytes = b""
    """Empty where no household is taken."""


class Outcome(Enum):
    """What came of a unit; numbered as in the contract."""

    NUMBERED = 1
    NOT_DRAWN = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """Under which number the data of a unit are sent."""

    outcome: Outcome
    number: bytes = b""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one unit: of one source on the way in, of all on the way out."""

    unit: CodedUnit
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A row at rest, of use to the service only, as long as it has the key of the project."""

    unit: bytes
    """The same for all rows about one unit, and nothing else."""
    source: EnterpriseNumber
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a delivery that are handed over together, at rest."""

    number: int
    sealed: bytes

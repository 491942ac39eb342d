"""What became of the number of a person: identification says it, and everybody goes by it."""

from dataclasses import dataclass
from enum import Enum

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin


class SsinState(Enum):
    """In which state a number is; numbered as in the contract of identification."""

    ACTIVE = 1
    REPLACED = 2
    CANCELED = 3
    UNKNOWN = 4


@dataclass(frozen=True, slots=True)
class ResolvedSsin:
    """What a number is today. `replaced_by` is the end of the chain of replacements."""

    state: SsinState
    replaced_by: Ssin | None = None
    deceased_on: IncompleteDate | None = None

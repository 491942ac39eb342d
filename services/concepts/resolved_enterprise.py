"""What became of the number of an enterprise or an establishment: identification says it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from services.concepts.enterprise_number import EnterpriseNumber


class EnterpriseState(Enum):
    """In which state an enterprise or an establishment is; numbered as in the contract."""

    ACTIVE = 1
    CEASED = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class ResolvedEnterprise:
    """What a number is today."""

    state: EnterpriseState
    ended_on: date | None = None
    """Nothing unless it has ceased to exist, and where the day is not known."""
    enterprise: EnterpriseNumber | None = None
    """To which enterprise an establishment belongs, or belonged last."""

"""Registering persons: what an institution asks, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from services.admission.model import Call
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.quality_code import QualityCode
from services.concepts.status import Status
from services.directory.model.calls import Asked
from services.directory.model.dossiers import Dossier


class Register(Enum):
    """Which register is meant; numbered as in the contract."""

    PRIMARY = 1
    """The bank's own: who in the primary network knows the person."""
    SECONDARY = 2
    """The sector's own: which body behind the managing institution knows the person."""
    ALL = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that a number and a person belong together."""

    card_number: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: IncompleteDate | None = None

    @property
    def is_whole(self) -> bool:
        """Whether there is a card, or a name and a date of birth."""
        return bool(self.card_number) or bool(self.last_name and self.birth_date is not None)


@dataclass(frozen=True, slots=True)
class Registering:
    """A person is to be registered."""

    asked: Asked
    register: Register
    quality_code: QualityCode
    phase: int
    begin: date
    end: date | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class Unregistering:
    """A registration is to end: its last day is given, nothing is removed."""

    asked: Asked
    register: Register
    quality_code: QualityCode
    begin: date
    """The first day of the registration that is meant."""
    end: date


@dataclass(frozen=True, slots=True)
class Listing:
    """Registrations of a sector are asked."""

    asked: Asked
    register: Register
    sector: int | None
    """Nothing means the customer's own."""
    as_of: date | None
    """Only what covers this day; nothing means all."""
    known_at: datetime | None
    """As it was recorded at this instant; nothing means as it is now."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration as it stands."""

    register: Register
    organization: EnterpriseNumber
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question about registrations ended."""

    call: Call
    status: Status
    registrations: tuple[Registered, ...] = ()
    """What stands now, or what was asked for."""
    overlapping: tuple[Registered, ...] = ()
    """What stood there before and shares days with what was registered."""
    replied_at: datetime | None = None

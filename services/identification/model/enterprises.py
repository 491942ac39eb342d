"""The nouns of the enterprise register."""

from dataclasses import dataclass
from datetime import date

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber


@dataclass(frozen=True, slots=True)
class Establishment:
    """An establishment unit, and which enterprise it belongs to since when."""

    number: EstablishmentNumber
    enterprise: EnterpriseNumber
    since: date
    name: str = ""
    postal_code: str = ""


CEASED = "ST"
"""The status of an enterprise that exists no longer (code list of the source)."""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise, with the establishments that belong to it now."""

    number: EnterpriseNumber
    name: str
    status: str = ""
    juridical_form: str = ""
    start: date | None = None
    postal_code: str = ""
    establishments: tuple[Establishment, ...] = ()
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """How much of a kind is known to exist, and how much of that an extract lacks."""

    kind: str
    known: int
    missing: int

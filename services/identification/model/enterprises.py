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

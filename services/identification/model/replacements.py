"""The nouns of replacement: what took place, and what stands when one is asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.identification.model.numbers import Person


@dataclass(frozen=True, slots=True)
class Replacement:
    """That a number was replaced: `replaced_by` is the end of the chain at that moment."""

    sequence: int
    event_id: UUID
    ssin: Ssin
    replaced_by: Ssin
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of two numbers when the one is to replace the other.

    `last` is the end of the chain that begins with the new number; `longest_before` counts the
    steps of the longest chain that ends with the old one.
    """

    old: Person | None
    last: Person | None
    longest_before: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The register stays as it is, with a status that says why."""

    status: Status
    because: str

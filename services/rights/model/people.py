"""What is known of persons and their neighbours, and decisions with what they name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.concepts.text import Text
from services.rights.model.decision import Decision
from services.rights.model.law import Right


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact on a person."""

    person: Ssin
    kind: str
    supplier: SectorInstitution
    period: Period
    as_of: datetime | None
    """When the source told it; nothing if it is only supposed."""
    value: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownMembership:
    """That a person is in a household."""

    person: Ssin
    scope: str
    household: int
    position: int
    period: Period


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Persons with those with whom they share or shared a household."""

    facts: Sequence[KnownFact]
    memberships: Sequence[KnownMembership]
    silent: Mapping[Ssin, Collection[SectorInstitution]]
    """The sources that could not say anything of a person."""
    wholes: Mapping[SectorInstitution, datetime]
    """The sources that have told all that they have, with when they last did."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that was not met, and what would change that."""

    condition: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A decision with what it names."""

    right: Right
    decision: Decision
    facts: tuple[KnownFact, ...]
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a source last told all that it has."""

    supplier: SectorInstitution
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a person, and how fresh what it rests on is."""

    rights: tuple[Reasoned, ...]
    sources: tuple[Freshness, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which rights a granting body asks of a person on a day."""

    person: Ssin
    day: date
    rights: tuple[str, ...]
    customer: str
    """The organization that reads the answer: its enterprise number or its place."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A question that makes no sense: which field, and what is expected."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be otherwise; nothing where it stays as it is."""

    birth: date | None = None
    postal_code: int | None = None
    alone: bool = False
    dependants: int = 0
    income: int | None = None
    """Of each of the three years before, in cents."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """That a number is no longer used, and which is in its place; ordered by `sequence`."""

    sequence: int
    ssin: Ssin
    replaced_by: Ssin

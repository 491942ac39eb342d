"""The nouns of the buffer: facts, statuses and what makes them, questions and results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.concepts.status import Status


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a source says of a person for some days, for example that the person receives
    a living wage. Not to be used after `expires_on`."""

    supplier: SectorInstitution
    fact_type: str
    period: Period
    as_of: datetime
    expires_on: date
    value: int | None = None
    """Its category, points, cents, postal code or day (yyyymmdd), by its kind; nothing if the kind
    has none or the source did not say it."""
    decided_on: date | None = None
    """When the source decided it; nothing if the source did not say so."""


@dataclass(frozen=True, slots=True)
class FedFact:
    """A fact as a source feeds it, with the person."""

    person: Ssin
    fact: Fact


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person is in a household for some days (Dutch: gezin), as a source says it. Not to be
    used after `expires_on`."""

    person: Ssin
    scope: str
    household: int
    position: int
    period: Period
    supplier: SectorInstitution
    as_of: datetime
    expires_on: date


@dataclass(frozen=True, slots=True)
class Silence:
    """That a source could not say anything of a person."""

    person: Ssin
    supplier: SectorInstitution
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """That a source has told all that it has."""

    supplier: SectorInstitution
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Fed:
    """What is fed at once."""

    facts: Sequence[FedFact] = ()
    memberships: Sequence[Membership] = ()
    silences: Sequence[Silence] = ()
    wholes: Sequence[Whole] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found on some persons of whom something is kept."""

    persons: tuple[Ssin, ...]
    strangers: tuple[Ssin, ...]
    """Those whom no right can concern: nothing of them may be kept."""
    expired: int
    """How many rows on them are kept beyond their time."""


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """What is known of persons and of those with whom they share or shared a household."""

    facts: Mapping[Ssin, Sequence[Fact]]
    memberships: Mapping[Ssin, Sequence[Membership]]
    silent: Mapping[Ssin, Collection[SectorInstitution]]
    wholes: Sequence[Whole]


@dataclass(frozen=True, slots=True)
class StatusDefinition:
    """A harmonized status: it applies as long as one of these facts does."""

    name: str
    any_of: frozenset[str]


Definitions = Mapping[str, StatusDefinition]
"""The statuses in force, by name."""


@dataclass(frozen=True, slots=True)
class AskedStatus:
    """A status as asked. `is_bounded` says that residence, age or parameters bound it."""

    name: str
    is_bounded: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a supplier's kind; without statuses all are asked. `asked_at` is when the mesh
    received it."""

    person: Ssin
    period: Period
    statuses: tuple[AskedStatus, ...]
    asked_at: datetime | None = None


class Verdict(Enum):
    """Whether a status applies; numbered as in the contract."""

    UNDECIDED = 0
    APPLIES = 1
    DOES_NOT_APPLY = 2


@dataclass(frozen=True, slots=True)
class StatusResult:
    """What comes of one status."""

    name: str
    verdict: Verdict
    periods: tuple[Period, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Which feed: from whom, and of what kind."""

    supplier: SectorInstitution
    fact_type: str


@dataclass(frozen=True, slots=True)
class Feed:
    """How fresh the facts of a feed are, and how many."""

    key: FeedKey
    as_of: datetime
    facts: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """That a number is no longer used, and which is in its place; ordered by `sequence`."""

    sequence: int
    ssin: Ssin
    replaced_by: Ssin


FactPosition = tuple[int, int, int, str, str]
"""Where a fact stands among a person's: number, place of the source, kind, first day."""

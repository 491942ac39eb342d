"""Dossiers, and who is located by them."""

from dataclasses import dataclass
from datetime import date, datetime

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.concepts.ssin import Ssin
from services.directory.model.catalogue import OrganizationKey


@dataclass(frozen=True, slots=True)
class Dossier:
    """An organization knows a person (Dutch: geactiveerd dossier, integratie)."""

    organization: OrganizationKey
    quality_code: QualityCode
    phase: int
    """How far the dossier is, 0 to 99; data contracts can ask for a minimum."""
    period: Period


@dataclass(frozen=True, slots=True)
class Registration:
    """A dossier that an organization wants on a person; `line` is its place in what is loaded."""

    line: int
    person: Ssin
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of registrations."""

    added: int = 0
    corrected: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """Who knows the person, as far as one consultation needs it?"""

    person: Ssin
    customer: EnterpriseNumber
    contract: ContractName
    period: Period
    main: Ssin | None = None
    """In whose file the person is asked about, as a member of the household or by proxy."""
    day: date | None = None
    """The day of asking, as it was set at the edge of the mesh; absent means today."""


@dataclass(frozen=True, slots=True)
class LocatedSource:
    """A source that knows the person, and in which qualities; ascending, never empty."""

    cbe_number: EnterpriseNumber
    quality_codes: tuple[QualityCode, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """Who knows the person."""

    customer_quality_codes: tuple[QualityCode, ...] = ()
    sources: tuple[LocatedSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """That a number is no longer used, and which is in its place; ordered by `sequence`."""

    sequence: int
    person: Ssin
    replaced_by: Ssin
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has been loaded; known by the digest of its content."""

    sha256: str
    lines: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an organization's list and the directory differ: phase and last day, as each says."""

    person: Ssin
    quality_code: QualityCode
    begin: date
    listed: tuple[int, date | None] | None
    """Nothing if it is not on the list."""
    held: tuple[int, date | None] | None
    """Nothing if it is not held."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How much is known at the end of a month, in a sector or, without one, in all."""

    month: date
    sector: int | None
    persons: int
    actors: int
    """In a sector: organizations, summed over persons; in all: sectors."""
    active_dossiers: int

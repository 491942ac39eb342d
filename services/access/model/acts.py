"""The published act and all it says.

Field names follow the anatomy of the published deliberations of the Information Security Committee,
chamber social security and health. Everything is immutable and ordered, so that one text has one
digest.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, IntEnum

from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.legal_context import LegalContext
from services.concepts.organization import Organization, SectorInstitution
from services.concepts.period import Period

EVERYTHING = "*"
"""The field path that covers every other."""


class Standing(Enum):
    """Where an act is in its life. Only one that is in force covers anything."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class Kind(Enum):
    """Whom an act is for: named recipients, or a class of which each member accedes first."""

    INDIVIDUAL = "INDIVIDUAL"
    GENERAL = "GENERAL"


class Mode(IntEnum):
    """How data travel; numbered as in the contract."""

    ONLINE = 1
    BATCH = 2
    PUSH = 3


class Frequency(Enum):
    """How often data may travel."""

    ONCE = "ONCE"
    CONTINUOUS = "CONTINUOUS"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in the languages of the country; what is not translated is absent."""

    nl: str | None
    fr: str | None
    de: str | None
    en: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article of an act of law that makes the exchange lawful."""

    act: str
    article: str


@dataclass(frozen=True, slots=True)
class DataBlock:
    """What may travel: a contract in one version, how, and the paths of its fields that may.

    A path covers all below it. What is not listed is cut (proportionality).
    """

    contract: ContractName
    modes: tuple[Mode, ...]
    fields: tuple[str, ...]
    undisclosable_addresses: bool = False
    """Whether addresses may travel that must not be disclosed (information type 252)."""
    criteria: tuple[CriterionLimit, ...] = ()
    """With which values may be asked; criteria that are not limited are free."""


@dataclass(frozen=True, slots=True)
class Writing:
    """That a contract changes a register: at which places are those who may, and for which kinds of
    purpose, by what stands before the colon of a legal context."""

    places: frozenset[SectorInstitution]
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonCategories:
    """About whom: persons whom the recipient knows under one of these quality codes (Dutch:
    hoedanigheid), and whether their household is included."""

    quality_codes: tuple[str, ...]
    household: bool


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """Which days may be asked, in whole months from the day of the question. No end forward if
    `months_forward` is absent."""

    months_back: int
    months_forward: int | None


@dataclass(frozen=True, slots=True)
class Accession:
    """One recipient's accession (Dutch: toetreding) to a general act, on the ground of a rule of
    its own."""

    recipient: Organization
    period: Period
    regulation: str


@dataclass(frozen=True, slots=True)
class AccessionClass:
    """Who may accede to a general act: organizations of one of these kinds, in one of these
    sectors. What is empty does not bound; never both are."""

    kinds: tuple[str, ...] = ()
    sectors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedAccession:
    """An accession that somebody of the bank has prepared; it counts once it is enacted."""

    accession: Accession
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the text can be read, as a path below the public register, and in which languages."""

    path: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One step in the life of an act: where it came to be, and on which day."""

    standing: Standing
    day: date


@dataclass(frozen=True, slots=True)
class Deliberation:
    """A published act (Dutch: beraadslaging) in one version. Amendments keep the number.

    `standing`, `enacted`, `moved_by`, `moves` and `accessions` move on while the text stays;
    `digest` is of the text alone.
    """

    number: str
    version: int
    document_ref: str
    title: Wording
    decided_on: date
    standing: Standing
    kind: Kind
    accessions: tuple[Accession, ...]
    senders: tuple[SectorInstitution, ...]
    recipients: tuple[Organization, ...]
    may_accede: AccessionClass | None
    """The class of those who may become recipients by acceding. Only of general acts."""
    processors: tuple[Organization, ...]
    via_integrator: bool
    purpose: Wording
    legal_basis: tuple[LegalBasis, ...]
    legal_contexts: tuple[LegalContext, ...]
    data_blocks: tuple[DataBlock, ...]
    person_categories: PersonCategories
    period: PeriodRule
    frequency: Frequency
    validity: Period
    retention_days: int
    hourly_quota: int
    expected_hourly_volume: int
    """More exchanges than this of one recipient raise an alarm; 0 if not told."""
    notify_subject: bool
    conditions: tuple[Wording, ...]
    publication: Publication
    source: str
    digest: str
    enacted: bool
    """Whether it ever was put into force: a proposal that is withdrawn replaces nothing."""
    moved_by: str = field(default="", compare=False)
    """The operator who moved it last; empty for what a load job brought."""
    moves: tuple[Move, ...] = field(default=(), compare=False)

    proposed_accessions: tuple[ProposedAccession, ...] = field(default=(), compare=False)
    """What waits to be enacted. Not public."""

    @property
    def open_to_accession(self) -> bool:
        """Whether accession alone tells who receives."""
        return self.may_accede is not None

    def standing_on(self, day: date) -> Standing:
        """Where it is in its life on a day: validity ends by itself."""
        end = self.validity.end
        if self.enacted and end is not None and end < day and self.standing in _MAY_EXPIRE:
            return Standing.EXPIRED
        return self.standing


_MAY_EXPIRE = (Standing.IN_FORCE, Standing.SUSPENDED)

"""A project: its plan, its life, and what its recipient received."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from services.coding.model.anonymity import Report
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.subject import SubjectKind


class State(Enum):
    """Where a project is in its life; numbered as in the contract."""

    REQUESTED = 1
    FEASIBLE = 2
    APPROVED = 3
    OPEN = 4
    RELEASED = 5
    DELIVERED = 6
    CLOSED = 7
    REFUSED = 8


class CodingMode(Enum):
    """How numbers become codes; numbered as in the contract."""

    KEYED = 1


class Office(Enum):
    """In which office a step is taken; numbered as in the contract."""

    BANK = 1
    COMMITTEE = 2
    RECIPIENT = 3
    SERVICE = 4


class VariableKind(Enum):
    """What the values of a variable are; numbered as in the contract."""

    TEXT = 1
    INTEGER = 2
    DECIMAL = 3
    DAY = 4


class VariableRole(Enum):
    """What a variable can betray; numbered as in the contract."""

    QUASI_IDENTIFIER = 1
    SENSITIVE = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of a delivery: a field of a data contract that one source sends."""

    name: str
    contract: ContractName
    field: str
    source: EnterpriseNumber
    kind: VariableKind
    role: VariableRole
    hierarchy: str = ""
    """By which its values are made coarser; empty where they are handed over as they are."""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """About whom a project is."""

    description: str
    drawn: int
    """How many of 10,000 units."""
    with_households: bool
    """Whether persons are drawn with their whole household."""
    reference_day: date
    most_units: int
    """How many units each source may have numbered in a day."""


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """What must hold of a delivery before it is released."""

    minimum_group: int
    minimum_diversity: int = 1
    most_suppressed: int = 0
    """How many of 1,000 units may be left out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is coded, for whom, under which rules."""

    title: str
    recipient: EnterpriseNumber
    legal_context: LegalContext
    deliberation: str
    mode: CodingMode
    subject_kind: SubjectKind
    variables: tuple[Variable, ...]
    population: Population
    rules: ReleaseRules
    end_date: date

    @property
    def sources(self) -> frozenset[EnterpriseNumber]:
        """Who sends."""
        return frozenset(one.source for one in self.variables)

    @property
    def contracts(self) -> tuple[ContractName, ...]:
        """Which data contracts it draws on, in order."""
        return tuple(sorted({one.contract for one in self.variables}))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its variables."""
        return tuple(one.name for one in self.variables)

    def of_source(self, source: EnterpriseNumber) -> tuple[Variable, ...]:
        """The variables that a source sends, in the order of the plan."""
        return tuple(one for one in self.variables if one.source == source)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step."""

    name: str
    """The common name of a person's certificate, or an organization's number; never public."""
    office: Office


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a project."""

    state: State
    """Where it led."""
    at: datetime
    actor: Actor
    remark: str
    record_id: UUID


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the recipient received."""

    content_sha256: str
    released_at: datetime
    report: Report
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it is kept."""

    project_id: UUID
    plan: Plan
    steps: tuple[Step, ...]
    key_digest: str = ""
    delivery: Delivery | None = None
    destruction: UUID | None = None
    """The record that says that its key was destroyed."""
    sequence: int = 0
    """0 until it is kept."""

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self.steps[-1].state

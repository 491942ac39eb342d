"""The nouns of decision notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.audit.trail.model import HiddenSubject, Sealed
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that a decision was taken on: what kind of data, of whom, as of which day."""

    data_contract: str
    source: EnterpriseNumber
    as_of: date


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A decision as it is handed over; the content says what was decided on which facts."""

    decision_id: UUID
    person: Ssin
    content: bytes
    facts: tuple[UsedFact, ...]
    web_name: str
    """Where it is published what the person can do about it."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision as it is put into the store: neither whom it is about nor what it says is in
    plain."""

    decision_id: UUID
    organization: EnterpriseNumber
    subject: HiddenSubject
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision as it is kept, with its place in the order of recording."""

    sequence: int
    told: NewDecision
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SeenDecision:
    """A decision as the person reads it."""

    kept: KeptDecision
    content: bytes


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A person's page: where the next one begins, and the names of who decided."""

    seen: Sequence[SeenDecision]
    after: int | None
    names: Mapping[str, str]

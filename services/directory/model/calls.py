"""A public call, who makes it, what is decided about it, and what the trail gets to read."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.head import Head
from services.concepts.party import Certificate
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.concepts.reference import Organization
from services.concepts.ssin import Ssin
from services.concepts.status import Status


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a public or administrative RPC."""

    ticket: UUID
    rpc: str
    received_at: datetime
    day: date
    certificate: Certificate
    trace_id: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who calls: the organization of the certificate, and the customer it acts for."""

    caller: Organization
    customer: Organization


@dataclass(frozen=True, slots=True)
class Asked:
    """What all questions of institutions have in common."""

    head: Head
    person: Ssin | None = None
    """Nothing if the number is malformed: that is answered, once the caller may know."""


class ProofVerdict(Enum):
    """What identification says of a proof of identity."""

    AGREES = 1
    DIFFERS = 2
    UNVERIFIABLE = 3


class Mode(Enum):
    """How data travel; numbered as in the contract of access."""

    ONLINE = 1
    BATCH = 2
    PUSH = 3


@dataclass(frozen=True, slots=True)
class Granted:
    """A deliberation allows it."""

    deliberation: Deliberation
    snapshot_version: str
    quality_codes: Set[QualityCode]
    fields: tuple[str, ...]


class Stage(Enum):
    """Which stage the trail records; numbered as in the contract of audit."""

    OUTCOME = 2
    REFUSAL = 3
    ACT = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What the trail records of a call; never content."""

    call: Call
    stage: Stage
    permitted: bool
    reason: str = ""
    """Why it was refused, if it was."""
    party: Party | None = None
    head: Head | None = None
    person: Ssin | None = None
    contract: ContractName | None = None
    period: Period | None = None
    decision: Granted | Denied | None = None
    status: Status | None = None
    reading_reason: str = ""
    """Why an operator reads."""

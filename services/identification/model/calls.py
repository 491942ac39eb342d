"""The nouns of the one door: who calls, for what, and what access says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.identification.model.persons import Origin
from services.identification.model.searches import Reason


@dataclass(frozen=True, slots=True)
class Call:
    """One public call on its way, with all that is recorded of it."""

    ticket: UUID
    received_at: datetime
    day: date
    rpc: str
    head: Head
    certificate: Certificate
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks: the organization of the certificate, and the customer it asks for."""

    caller: EnterpriseNumber
    customer: EnterpriseNumber
    place: SectorInstitution | None


@dataclass(frozen=True, slots=True)
class Granted:
    """Access allows the call, as far as these fields."""

    deliberation: Deliberation
    snapshot_version: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that came through the door."""

    call: Call
    party: Party
    contract: ContractName
    granted: Granted | None
    """Absent where no deliberation is needed."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that did not: with the status that it ends with."""

    status: Status
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Content that parses but makes no sense: answered with MSG00008, after the door."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down of a call that came through the door: how it ended, about whom."""

    status: Status | None
    """Absent when it failed, with the failure as the reason."""
    subjects: tuple[Ssin, ...] = field(default=())
    because: str = ""
    is_act: bool = False
    is_refused: bool = False
    """Whether it was not done although the status does not say so."""
    cut: tuple[str, ...] = ()
    origins: Mapping[Ssin, frozenset[Origin]] = field(default_factory=dict)
    """Which registers' data went out, of each person of whom any did."""
    register: Status | None = None
    """How the National Register answered, if it was asked."""

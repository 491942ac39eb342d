"""A call from outside, who makes it, on which ground, and what is written down of it."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.organization import Organization, SectorInstitution
from services.concepts.party import Certificate
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.concepts.subject import CbeNumber
from services.concepts.trail import NOTHING_CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a public or administrative RPC, with all that is recorded of it."""

    ticket: UUID
    rpc: str
    """Its full name."""
    received_at: datetime
    day: date
    """In Belgium."""
    certificate: Certificate
    trace_id: str = ""
    head: Head | None = None
    """What an organization says of itself and its purpose; nothing where that is not asked."""
    operator: str = ""
    """Who of the bank calls, if somebody does."""

    @property
    def customer(self) -> Organization | None:
        """Whom the call names as its customer, if it names anybody."""
        return None if self.head is None else self.head.customer

    def under(self, head: Head) -> "Call":
        """The same call, with what it says of its customer and purpose."""
        return replace(self, head=head)


class Member(Protocol):
    """An organization, as far as it concerns who asks."""

    @property
    def cbe_number(self) -> EnterpriseNumber: ...

    @property
    def place(self) -> SectorInstitution | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """An organization by its number and its place, where no more is known of it."""

    cbe_number: EnterpriseNumber
    place: SectorInstitution | None = None


M_co = TypeVar("M_co", bound=Member, covariant=True)


@dataclass(frozen=True)  # Generic aliases cannot make instances that have slots.
class Party(Generic[M_co]):
    """Who asks: the organization of the certificate, and the customer it asks for."""

    caller: M_co
    customer: M_co


class Mode(Enum):
    """How data travel; numbered as in the contract of access."""

    ONLINE = 1
    BATCH = 2
    PUSH = 3


@dataclass(frozen=True, slots=True)
class Granted:
    """A deliberation allows it, as far as this."""

    deliberation: Deliberation
    snapshot_version: str
    quality_codes: Set[QualityCode]
    fields: tuple[str, ...]


class Ground(Protocol):
    """What access decided on, whichever way: it is recorded."""

    @property
    def deliberation(self) -> Deliberation | None: ...

    @property
    def snapshot_version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Basis:
    """The deliberation that something rests on, where access was asked by another."""

    deliberation: Deliberation
    snapshot_version: str = ""


class Stage(Enum):
    """Which stage the trail records; numbered as in the contract of audit, which alone records
    readings of the trail."""

    INTENT = 1
    OUTCOME = 2
    REFUSAL = 3
    READING = 4
    ACT = 5
    PUSH = 6
    LINE = 7


@dataclass(frozen=True, slots=True)
class Leg:
    """A source that was asked, or whose data went out, and how that ended."""

    supplier: EnterpriseNumber
    status: Status | None = None
    ticket: str = ""
    """The source's own."""
    duration: timedelta = timedelta()
    """How long it took."""
    managing: EnterpriseNumber | None = None
    """Who was asked for it, if it has a managing institution that answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the trail records of a call; never content."""

    call: Call
    stage: Stage
    permitted: bool = True
    reason: str = ""
    """Why it was refused, if it was; or that nothing changed."""
    party: Party[Member] | None = None
    """Nothing while it is not established."""
    person: Ssin | None = None
    enterprise: CbeNumber | None = None
    """What it is about, if that is an enterprise or an establishment."""
    contract: ContractName | None = None
    period: Period | None = None
    decision: Ground | None = None
    status: Status | None = None
    cut: tuple[str, ...] = ()
    sources: tuple[Leg, ...] = ()
    legal_context: str = ""
    """For which purpose, where the call does not say it itself."""
    reading_reason: str = ""
    """Why somebody reads who needs no deliberation: an operator, or the person himself."""
    persons: int = 0
    """How many a batch is about, in the record that heads it."""
    record_id: UUID | None = None
    """That of the record, where one may be written twice: the trail keeps the first."""

    def refused(self, reason: str) -> "Entry":
        """The same, but refused."""
        return replace(self, permitted=False, reason=reason)


@dataclass(frozen=True)
class Admitted(Generic[M_co]):
    """A call of an organization that is known: for whom, under which contract, on which ground."""

    call: Call
    party: Party[M_co]
    contract: ContractName | None
    decision: Granted | Denied | None = None
    """Nothing before access was asked, or where no deliberation is needed."""
    person: Ssin | None = None
    enterprise: CbeNumber | None = None

    @property
    def customer(self) -> M_co:
        """For whom it is."""
        return self.party.customer

    @property
    def head(self) -> Head:
        """What the organization says of itself, without which it is not known."""
        assert self.call.head is not None
        return self.call.head

    @property
    def granted(self) -> Granted | None:
        """What is granted, if a deliberation was needed and there is one."""
        return self.decision if isinstance(self.decision, Granted) else None

    @property
    def verdict(self) -> Granted | Denied:
        """What access said of it, which was asked."""
        assert self.decision is not None
        return self.decision

    def entry(
        self,
        stage: Stage,
        status: Status | None = None,
        *,
        period: Period | None = None,
        changes: bool = True,
    ) -> Entry:
        """What is recorded of it when it is let through; an act may change nothing."""
        return Entry(
            call=self.call,
            stage=stage,
            reason="" if changes else NOTHING_CHANGED,
            period=period,
            party=self.party,
            person=self.person,
            enterprise=self.enterprise,
            contract=self.contract,
            decision=self.decision,
            status=status,
        )

"""The nouns of a consultation: who asks what, what the peers say of it, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from services.admission import model as admission
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.concepts.subject import CbeNumber, Subject, SubjectKind
from services.routing.model.endpoints import Endpoint
from services.routing.model.findings import Granted
from services.routing.model.messages import Types


@dataclass(frozen=True, slots=True)
class Payload:
    """A message of a data contract as it travels: its full type name and its bytes."""

    type_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class InvalidContent:
    """A field of the question that parses but makes no sense: answered with MSG00008."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Question:
    """A consultation as asked. What could not be understood of it is kept as such, so that the
    requester's check still comes first."""

    head: Head
    contract: ContractName
    ssin: Ssin | None
    """Nothing if it is malformed, or if an enterprise or an establishment is asked about."""
    period: Period | InvalidContent
    criteria: Payload | None
    enterprise: CbeNumber | InvalidContent | None = None
    """What is asked about, unless it is a person."""
    goes_on: Mapping[EnterpriseNumber, str] = field(default_factory=dict)
    """Where each source goes on that had more, by what it said itself; empty for the first page."""
    via: tuple[EnterpriseNumber, ...] = ()
    """The integrators that it came through, the caller last."""

    @property
    def names_person(self) -> bool:
        """Whether the customer asked about a person, well or badly named."""
        return self.enterprise is None

    @property
    def number(self) -> CbeNumber | None:
        """The enterprise or the establishment that is asked about, if its number is one."""
        return None if isinstance(self.enterprise, InvalidContent) else self.enterprise

    @property
    def subject(self) -> Subject:
        """Whom or what it is about, once that was found to be well named."""
        subject = self.ssin or self.number
        assert subject is not None
        return subject


@dataclass(frozen=True, slots=True)
class OnboardedOrganization:
    """An organization as admitted to the network."""

    cbe_number: EnterpriseNumber
    place: SectorInstitution | None
    public_keys: frozenset[str]
    managed: frozenset[EnterpriseNumber]
    endpoint: Endpoint | None
    is_integrator: bool = False
    """Whether it passes questions on, as this mesh does, by a directory of its own."""


@dataclass(frozen=True, slots=True)
class ContractSource:
    """A supplier of a contract: how the criteria choose it, and how long it may take."""

    supplier: OnboardedOrganization
    source_code: str
    deadline: timedelta
    managing: OnboardedOrganization | None = None
    """Who answers for it: the managing institution of a body of the secondary network."""

    @property
    def asked(self) -> OnboardedOrganization:
        """Who is asked for its data."""
        return self.managing or self.supplier

    def standing(self) -> "ContractSource":
        """What stands for it where it alone is not meant: its managing institution, if any."""
        return replace(self, supplier=self.asked, managing=None) if self.managing else self


@dataclass(frozen=True, slots=True)
class DataContract:
    """A kind of data that can be consulted."""

    name: ContractName
    criteria_type: str
    result_type: str
    types: Types
    sources: tuple[ContractSource, ...]
    source_field: str
    asks_about_deceased: bool
    """And about enterprises and establishments that have ceased to exist."""
    goes_on_when_replaced: bool = False
    subject_kind: SubjectKind = SubjectKind.PERSON
    suppliers: Mapping[SectorInstitution, frozenset[QualityCode]] = field(default_factory=dict)
    """Where its suppliers are, whether they listen to questions or not, and in which qualities they
    know persons whom they have data about: who publishes under it, and about whom."""
    unaware: Mapping[EnterpriseNumber, "SourceAnswer"] = field(
        init=False, compare=False, repr=False
    )
    """The answer of each source that is not asked, for it has not integrated the person."""
    ranks: Mapping[EnterpriseNumber, int] = field(init=False, compare=False, repr=False)
    """The places of the suppliers among the sources, the most authentic first."""
    is_plain: bool = field(init=False, compare=False, repr=False)
    """Whether every source is asked itself, and passes nothing on."""

    def __post_init__(self) -> None:
        # Backwards, so that of several places of a supplier the most authentic stays.
        listed = [
            (one.supplier.cbe_number, at, one)
            for at, source in reversed([*enumerate(self.sources)])
            for one in (source.standing(), source)
        ]
        unaware = status("MSG00021")
        made: Mapping[str, object] = {
            "unaware": {of: SourceAnswer(one, unaware, asked=False) for of, _, one in listed},
            "ranks": {of: at for of, at, _ in listed},
            "is_plain": not any(one.managing or one.supplier.is_integrator for _, _, one in listed),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the knowledge directory knew when it was last read."""

    organizations: Mapping[EnterpriseNumber, OnboardedOrganization]
    contracts: Mapping[ContractName, DataContract]
    own: EnterpriseNumber | None = None
    """The number of the bank that this mesh is of, if it is admitted to its own network."""

    def endpoints(self) -> frozenset[Endpoint]:
        """Where suppliers listen."""
        return frozenset(one.endpoint for one in self.organizations.values() if one.endpoint)


Party = admission.Party[OnboardedOrganization]
"""Who asks: the organization of the certificate, and the customer it asks for."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The exchange ends here with a status; no source is asked."""

    status: Status
    because: str
    deliberation: Deliberation | None = None
    snapshot_version: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The exchange goes on: these sources are asked, those have not integrated the person."""

    contract: DataContract
    granted: Granted
    asked: tuple[ContractSource, ...]
    unaware: tuple[ContractSource, ...]
    successor: Ssin | None = None
    """The number that the sources are asked about, if it replaced the one of the question."""
    via: tuple[EnterpriseNumber, ...] = ()
    """What integrators among them are told of the way: it ends with this mesh."""


class ResultsAction(Enum):
    """How an answer may come; numbered as in the contract."""

    ONLINE_ONLY = 1
    ONLINE_ELSE_BATCH = 2
    BATCH_ONLY = 3


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one source answered, verified and cut."""

    source: ContractSource
    status: Status
    payload: Payload | None = None
    ticket: str = ""
    received_at: datetime | None = None
    replied_at: datetime | None = None
    cut: frozenset[str] = field(default=frozenset())
    duration: timedelta = timedelta()
    next: str = ""
    """Where the source goes on, as it says itself; empty if that is all."""
    unsupported: tuple[str, ...] = ()
    """What it has and the contract cannot carry."""
    trouble: str = ""
    """What the mesh saw go wrong with the source, for the log; empty if nothing did."""
    asked: bool = True
    """Whether the source was asked at all."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question on its way through the mesh."""

    ticket: UUID
    received_at: datetime
    day: date
    certificate: Certificate
    question: Question
    rpc: str
    ending: UUID
    """Names the record with which the exchange ends, however it does: there is one."""
    trace_id: str = ""
    call: admission.Call = field(init=False, compare=False, repr=False)
    """The call that it came with."""

    def __post_init__(self) -> None:
        call = admission.Call(
            ticket=self.ticket,
            rpc=self.rpc,
            received_at=self.received_at,
            day=self.day,
            certificate=self.certificate,
            trace_id=self.trace_id,
            head=self.question.head,
        )
        object.__setattr__(self, "call", call)

    def about(self, person: Ssin) -> "Exchange":
        """The same exchange about another number."""
        return replace(self, question=replace(self.question, ssin=person))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an exchange ended, as the customer reads it."""

    exchange: Exchange
    party: Party
    status: Status
    answers: tuple[SourceAnswer, ...] = ()
    replaced_by: str | None = None
    canceled: bool = False
    deliberation: Deliberation | None = None
    cut: tuple[str, ...] = ()
    replied_at: datetime | None = None
    successor: Ssin | None = None
    """The number that the answer is about, if it replaced the one of the question."""

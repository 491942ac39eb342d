"""The reference data of the network: who belongs to it, on which keys, and which data there are.

One service owns it, the registry; everybody else keeps a copy in memory that is seconds old.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import QualityCode
from services.concepts.subject import SubjectKind


class IntegrationCheck(Enum):
    """How the period of a dossier and the period asked must lie; numbered as in the contract."""

    INSIDE = 1
    OVERLAP = 2
    ACTIVE_NOW = 3
    NONE = 4
    """No dossier is looked for: exactly of what is not about persons."""


class DeceasedRule(Enum):
    """Whether sources are asked about who is no more, persons and enterprises alike; numbered as in
    the contract."""

    STOP = 1
    ASK = 2


class ReplacedRule(Enum):
    """Whether a question about a replaced number goes on; numbered as in the contract."""

    STOP = 1
    CONTINUE = 2


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a supplier listens, and the name that its certificate must carry."""

    address: str
    server_name: str
    in_mesh: bool


class Network(Enum):
    """How an organization is connected; numbered as in the contract."""

    PRIMARY = 1
    """Linked directly."""
    SECONDARY = 2
    """Behind a managing institution (Dutch: beheersinstelling)."""
    EXTENSION = 3
    """Outside social security, joined by royal decree (act of 15 January 1990, article 18)."""
    INTEGRATOR = 4
    """Another integrator, with a directory of its own; many organizations behind one number."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """How much an organization announced that it would ask under one purpose."""

    legal_context: LegalContext
    contract: ContractName
    hourly: int


@dataclass(frozen=True, slots=True)
class Onboarding:
    """On what terms an organization was admitted (Dutch: aansluiting)."""

    environment: str = ""
    """Where it may call, for example `production`; empty if not told."""
    contacts: tuple[str, ...] = ()
    """Addresses of functions, never of persons."""
    expectations: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization as it was admitted to the network (the onboarding record)."""

    cbe_number: EnterpriseNumber
    name: str
    place: SectorInstitution | None = None
    """Nothing for organizations outside social security."""
    public_key_sha256: tuple[str, ...] = ()
    manages: tuple[EnterpriseNumber, ...] = ()
    endpoint: Endpoint | None = None
    """Nothing for organizations that supply nothing."""
    network: Network = Network.EXTENSION
    onboarding: Onboarding = Onboarding()
    officer_key_sha256: tuple[str, ...] = ()
    """The keys of those who look after how its programs are used; none of them a program's."""
    web_names: tuple[str, ...] = ()
    """The names of hosts under which it is on the web; people are sent nowhere else."""
    kind: str = ""
    """Of which kind it is, for the classes that general deliberations name; empty if not told."""

    @property
    def public_keys(self) -> tuple[str, ...]:
        """The keys that its certificates may have, by their fingerprints."""
        return self.public_key_sha256

    @property
    def managed(self) -> tuple[EnterpriseNumber, ...]:
        """Whom it may act for, as their managing institution."""
        return self.manages


@dataclass(frozen=True, slots=True)
class Supplier:
    """A place in the network that supplies a contract, as the contract says it."""

    place: SectorInstitution
    source_code: str
    quality_codes: frozenset[QualityCode]
    deadline: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DataContract:
    """A kind of data that can be consulted, as it was registered."""

    name: ContractName
    title: str
    criteria_type: str
    result_type: str
    descriptor_set: bytes
    suppliers: tuple[Supplier, ...]
    """The most authentic first."""
    source_field: str
    integration_check: IntegrationCheck
    minimum_phase: int
    deceased_rule: DeceasedRule
    identity_data: bool
    """Whether a provisional registration is enough to ask."""
    required_fields: tuple[str, ...] = ()
    """Paths of the result without which an answer is of no use; all below a path belongs to it."""
    replaced_rule: ReplacedRule = ReplacedRule.STOP
    household_fields: tuple[str, ...] = ()
    """Paths of the result that speak of others than the person who is asked about."""
    is_retired: bool = False
    """Whether nobody may ask for it any more; deliberations that name it stay as they are."""
    subject_kind: SubjectKind = SubjectKind.PERSON
    """What a question is about."""

    @property
    def is_about_persons(self) -> bool:
        """Whether the reference directory can know who has such data."""
        return self.subject_kind is SubjectKind.PERSON


@dataclass(frozen=True, slots=True)
class Reference:
    """All of it at one moment. `digest` names the content, `version` counts the changes."""

    version: int
    digest: bytes
    organizations: Mapping[EnterpriseNumber, Organization] = field(default_factory=dict)
    contracts: Mapping[ContractName, DataContract] = field(default_factory=dict)

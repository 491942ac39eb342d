"""The nouns of the registry: changes, the acts that make them, and what is in force."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import DataContract, Expectation, Organization


@dataclass(frozen=True, slots=True)
class PutOrganization:
    """An organization is admitted, or what is known of it is replaced as a whole."""

    organization: Organization


@dataclass(frozen=True, slots=True)
class WithdrawOrganization:
    """An organization's membership ends."""

    number: EnterpriseNumber


class KeyStep(Enum):
    """What can be done with a key; numbered as in the contract."""

    ADMIT = 3
    """One more key of programs is accepted."""
    WITHDRAW = 4
    """A key of programs is accepted no more."""
    NAME_OFFICER = 5
    """One more key of officers is accepted."""
    DISMISS_OFFICER = 6
    """A key of officers is accepted no more."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Something is done with a key of an organization."""

    step: KeyStep
    number: EnterpriseNumber
    key: str


@dataclass(frozen=True, slots=True)
class SetVolumes:
    """The volumes that an organization announced are replaced."""

    number: EnterpriseNumber
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class RegisterContract:
    """A data contract, or a new version of one, can be named by deliberations."""

    contract: DataContract


@dataclass(frozen=True, slots=True)
class RetireContract:
    """A version of a data contract can be asked for no more."""

    name: ContractName


Change = (
    PutOrganization
    | WithdrawOrganization
    | KeyChange
    | SetVolumes
    | RegisterContract
    | RetireContract
)


class State(Enum):
    """What has become of an act; numbered as in the contract."""

    PREPARED = 1
    APPROVED = 2
    IN_FORCE = 3
    REFUSED = 4
    FAILED = 5


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was prepared, and what came of it."""

    act_id: UUID
    changes: tuple[Change, ...]
    state: State
    prepared_by: str
    prepared_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    recorded: bool = False
    version: int = 0
    failure: str = ""
    sequence: int = 0
    """0 until it is kept."""
    content_sha256: bytes = b""
    """Of the changes as they are kept; empty until they are."""


@dataclass(frozen=True, slots=True)
class Head:
    """The reference data in force, as they travel, and what names them."""

    version: int = 0
    digest: bytes = b""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who prepares or decides: a person of the bank or the committee, or an institution."""

    name: str
    """The common name of the person's certificate, or the institution's number."""
    is_forwarded: bool = False
    """Whether another service says so for whom it hands on a data contract."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which acts are wanted."""

    waiting_only: bool
    before: int
    """The last first; only those that were prepared before this one."""
    most: int

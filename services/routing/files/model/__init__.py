"""The nouns of files and their vouchers."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import Organization
from services.routing.batches.model import Batch, FileKey

MOST_BYTES = 256 * 1024 * 1024
"""How large a file of questions may be: 500,000 items with references take a tenth."""

HIGHEST_NUMBER = 10**15 - 1
"""Source: official common schema, a sequence number has 15 digits at most."""


class FileState(Enum):
    """How far a file has come; numbered as in the contract, where PROCESSED is what is final."""

    ANNOUNCED = 1
    RECEIVED = 2
    VALIDATED = 3
    PROCESSED = 4
    REJECTED = 5

    @property
    def is_settled(self) -> bool:
        """Whether it was taken or rejected."""
        return self not in (FileState.ANNOUNCED, FileState.RECEIVED)


class Rejection(Enum):
    """Why nothing of a file was taken; numbered as in the contract."""

    NONE = 0
    NOT_RECEIVED = 1
    CUT = 2
    TOO_LONG = 3
    HASH_DIFFERS = 4
    UNREADABLE = 5
    CONTENT_INVALID = 6
    VOUCHER_DIFFERS = 7
    NOT_TAKEN = 8
    TICKET_REUSED = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What a file holds, by its sender."""

    file_name: str
    number: int
    sender: Organization
    receiver: Organization
    legal_context: LegalContext
    contract: ContractName
    item_count: int
    byte_count: int
    sha256: bytes
    created_at: datetime

    def key(self, sender: EnterpriseNumber) -> FileKey:
        """Names the file."""
        return FileKey(sender, self.contract, self.number)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why nothing of a file was taken, and which field is wrong, if one is."""

    rejection: Rejection
    field: str = ""
    code: str = "MSG00008"
    """Of the status that says so."""


class Rejected(Exception):
    """Nothing of the file is taken."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.rejection.name)
        self.flaw = flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """How far a file has come."""

    key: FileKey
    file_name: str
    state: FileState
    announced_at: datetime
    expires_at: datetime
    digest: bytes
    """Tells its voucher from another."""
    flaw: Flaw | None = None
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Files before one are missing: the one that is expected."""

    expected: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file of results."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Whole:
    """What a file of results holds, once all of it went."""

    number: int
    item_count: int
    byte_count: int
    sha256: bytes
    batch: Batch

"""The nouns of batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.concepts.subject import CbeNumber
from services.routing.model import InvalidContent, Outcome, Question

MOST_ITEMS = 500_000
"""How many items a batch holds. Source: notification files of the bank."""


class BatchState(Enum):
    """How far a batch has come; numbered as in the contract, but for the first."""

    RECEIVING = 0
    """Not whole yet: nobody sees it."""
    WAITING = 1
    RUNNING = 2
    DONE = 3
    CANCELED = 4
    STOPPED = 5

    @property
    def is_final(self) -> bool:
        """Whether nothing of it will be begun any more."""
        return self in (BatchState.DONE, BatchState.CANCELED, BatchState.STOPPED)


@dataclass(frozen=True, slots=True)
class Item:
    """One person of a batch, or an enterprise or establishment: as named, and the number if it is
    one."""

    text: str
    reference: str
    ssin: Ssin | None
    enterprise: CbeNumber | InvalidContent | None = None
    """What is asked about, unless it is a person."""

    @property
    def number(self) -> str:
        """The number as it travels, or what was said instead."""
        if self.ssin is not None:
            return self.ssin.digits
        known = self.enterprise is not None and not isinstance(self.enterprise, InvalidContent)
        return self.enterprise.digits if known else self.text  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class FileKey:
    """Names a file of questions: who sent it, under which contract, and which of them it is."""

    sender: EnterpriseNumber
    contract: ContractName
    number: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch asks of each item. The call's ticket is the batch's identification."""

    call: Call
    question: Question
    """Without a person."""
    moment: str
    """The days as they were asked, empty if they were not: the same batch again, on another day, is
    a repeat."""
    term: timedelta | None
    """Within which it is to be done, where that was agreed."""
    header: bytes
    """As it came, to be read again by whoever works on it."""
    file: FileKey | None = None
    """The file that it came as, if it did."""

    @property
    def batch_id(self) -> UUID:
        """Identifies the batch."""
        return self.call.ticket

    @property
    def ticket(self) -> str:
        """The customer's own name of it."""
        return self.question.head.ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How far a batch has come."""

    batch_id: UUID
    customer: EnterpriseNumber
    ticket: str
    legal_context: LegalContext
    contract: ContractName
    state: BatchState
    item_count: int
    done_count: int
    counts: Mapping[str, int]
    """Results by status code."""
    submitted_at: datetime
    started_at: datetime | None
    due_at: datetime
    is_overdue: bool
    finished_at: datetime | None
    kept_until: datetime | None
    digest: bytes
    """Tells it from another batch under the same ticket."""

    @property
    def is_worked_off(self) -> bool:
        """Whether every item has its result."""
        return self.done_count == self.item_count


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a batch that was handed over."""

    status: Status
    batch: Batch | None = None
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """A consultation whose answer was to come in a batch, and what was found at once if it was
    asked."""

    submitted: Submitted
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items of a batch that follow each other, taken by one worker under one attempt."""

    batch_id: UUID
    first: int
    attempt: int
    """Names the lease: whoever writes under an older one changes nothing."""
    ended_badly: int
    """How many attempts ended without a word."""
    items: tuple[Item, ...]
    batch_count: int
    """How many items the batch holds."""
    records: tuple[bytes, ...] | None = None
    """What is still to be put in writing of a chunk whose sources have answered."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a chunk: the results as they will be read, and the records of their ends."""

    results: tuple[bytes, ...]
    records: tuple[bytes, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Results in the order of the items, and the place that follows them."""

    results: tuple[bytes, ...]
    next_position: int
    has_more: bool
    """Whether results follow, now or later."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page of results, or why they may not be read."""

    status: Status
    batch: Batch
    page: ResultPage
    heartbeat: timedelta | None = None
    """Said in the first message of a stream."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds the streams of results."""

    heartbeat: timedelta
    life: timedelta
    streams: int

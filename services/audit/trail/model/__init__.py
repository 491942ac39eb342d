"""The nouns of the trail: what is recorded, how a person is hidden in it, who reads it and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from uuid import UUID

from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber

ALERT = "services.audit.oversight/alert"
"""The act by which an institution is alerted of possible misuse."""


class Stage(Enum):
    """What a record is about: a moment of an exchange, a reading of the trail, or an act that
    changed a register or a rule; numbered as in the contract."""

    INTENT = 1
    OUTCOME = 2
    REFUSAL = 3
    READING = 4
    ACT = 5
    PUSH = 6
    LINE = 7


@dataclass(frozen=True, slots=True)
class Ground:
    """What many records have in common, as it is kept, and what it is searched by."""

    content: bytes
    customer: int
    """The first eight digits of the customer's enterprise number; 0 if there is none."""
    legal_context: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as handed over; `instance` is what is of it alone, without the persons."""

    record_id: UUID
    ticket: UUID
    stage: Stage
    subject: Ssin | None
    ground: Ground
    instance: bytes
    user: str = ""
    """The official or program that asked."""
    enterprise: CbeNumber | None = None
    """What it is about, if that is an enterprise or an establishment."""


@dataclass(frozen=True, slots=True)
class HiddenSubject:
    """A number kept outside the log: a key to find it by, under one version of the secret, and the
    number itself, encrypted."""

    key: bytes
    key_version: int
    encrypted: bytes


@dataclass(frozen=True, slots=True)
class HiddenPerson:
    """A person as a record holds him, under the key of its month: a number to find the records by,
    and the person's own, encrypted."""

    key: int
    encrypted: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is said about a person, encrypted under a version of the secret."""

    key_version: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is kept."""

    entry: Entry
    subject: HiddenPerson | None
    user: HiddenPerson | None
    enterprise: bytes = b""
    """The enterprise or the establishment, encrypted: nobody looks for records by it."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A number was replaced by another of the same person."""

    event_id: UUID
    old: Ssin
    new: Ssin
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class HiddenReplacement:
    """A replacement as it is kept: both numbers hidden, under the event's own identification."""

    event_id: UUID
    old: HiddenSubject
    new: HiddenSubject
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The key of a month as it is kept: of use to who holds that version of the secret."""

    month: int
    key_version: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """What a person's records of one month are found by."""

    month: int
    key: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked: at most so many, after a place in the order of recording."""

    after: int
    most: int


@dataclass(frozen=True)
class Kept:
    """A record with its place in the order of recording, and what the store decodes it with."""

    sequence: int
    record_id: UUID
    ticket: UUID
    content: bytes
    ground: bytes
    decoder: Callable[["Kept"], object] | None = field(compare=False, repr=False, default=None)

    @cached_property
    def record(self) -> object:
        """The record as it was handed over, without the persons: decoded once for all who look;
        nothing if it does not come from the store."""
        return self.decoder(self) if self.decoder else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of records: where the next one begins, and the index in the log of those that have
    one."""

    kept: Sequence[Kept]
    after: int | None
    indexes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Signed:
    """What the log vouches for: the note, and the size and root in it."""

    note: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that a record is in the log."""

    index: int
    leaf: bytes
    hashes: Sequence[bytes]
    signed: Signed


@dataclass(frozen=True, slots=True)
class Question:
    """A question for a proof, and the record of its being asked."""

    record_id: UUID
    reading: Entry


@dataclass(frozen=True, slots=True)
class Search:
    """Records of a customer, or under a purpose, or both, by when they came into the log."""

    customer: int | None
    """The first eight digits of its enterprise number."""
    legal_context: str
    """Empty for any."""
    recorded_from: datetime
    recorded_until: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a person's data, as far as it decides whether it is shown."""

    kept: Kept
    ticket: UUID
    stage: Stage
    legal_context: str
    occurred_at: datetime
    has_ended: bool = True
    """Whether it says how it ended; an intent never does."""

    @property
    def is_begun(self) -> bool:
        """Whether it does not say how it ended."""
        return self.stage is Stage.INTENT or not self.has_ended


@dataclass(frozen=True, slots=True)
class Shown:
    """A use that is shown: who asked, by name, and the proof of it if it has a place already."""

    use: Use
    proof: Inclusion | None


@dataclass(frozen=True, slots=True)
class OwnUses:
    """A citizen's page: what is shown, where the next one begins, the names of who is in it."""

    shown: Sequence[Shown]
    after: int | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to the trail: about an exchange, a person or an organization, and the record of
    its being asked; nothing to record when it goes on where the same reader left off."""

    about: UUID | Ssin | Search
    page: Page
    reading: Entry | None


@dataclass(frozen=True, slots=True)
class Grown:
    """How far the tree has grown: its size, its root, and the last place in the order of recording
    that was looked at for it."""

    size: int
    root: bytes
    last_sequence: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the store says that the tree has grown, and whether records wait beyond."""

    size: int
    last_sequence: int
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A run of records that follow each other in the order of recording and in the tree."""

    first_index: int
    first_sequence: int
    count: int


@dataclass(frozen=True, slots=True)
class OwnInquiry:
    """A citizen's question about himself, and the record of its being asked."""

    occurred_from: datetime
    occurred_until: datetime
    page: Page
    reading: Entry | None

    def about(self, person: Ssin) -> Inquiry:
        """The question to the trail."""
        return Inquiry(person, self.page, self.reading)

"""The nouns of the trail: what is recorded, how a person is hidden in it, who reads it and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.concepts.ssin import Ssin


class Stage(Enum):
    """What a record is about: a moment of an exchange, a reading of the trail, or an act that
    changed a register or a rule; numbered as in the contract."""

    INTENT = 1
    OUTCOME = 2
    REFUSAL = 3
    READING = 4
    ACT = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as handed over. `content` is the record as it travels, without the person."""

    record_id: UUID
    ticket: UUID
    stage: Stage
    subject: Ssin | None
    content: bytes


@dataclass(frozen=True, slots=True)
class HiddenSubject:
    """A person as the trail knows it: a key to find the records by, under one version of the
    secret, and the number itself, encrypted."""

    key: bytes
    key_version: int
    encrypted: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is kept."""

    entry: Entry
    subject: HiddenSubject | None


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
class Page:
    """Which part of a list is asked: at most so many, after a place in the order of recording."""

    after: int
    most: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with its place in the order of recording."""

    sequence: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to the trail: about an exchange or about a person, and the record of its being
    asked; nothing to record when it goes on where the same reader left off."""

    about: UUID | Ssin
    page: Page
    reading: Entry | None

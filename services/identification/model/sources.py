"""What the National Register is told and tells: its answers are never kept, gone with the call."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.admission.model import Call
from services.concepts.head import Head
from services.concepts.status import Status
from services.identification.model.persons import Identity, Version


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The call on whose behalf the register is asked: it is told which, and keeps that."""

    ticket: UUID
    """That of the mesh."""
    received_at: datetime
    day: date
    """In Belgium, when the call was received: it counts, whatever ours is."""
    head: Head


def inquiry_of(call: Call) -> Inquiry:
    """The same of a call of our own; it names its customer and purpose."""
    assert call.head is not None
    return Inquiry(call.ticket, call.received_at, call.day, call.head)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person whom the National Register knows: who it is, and the groups that it told."""

    identity: Identity
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """The National Register gave no usable answer."""

    because: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What comes of a proof of identity."""

    differing: tuple[str, ...]
    """The fields that differ; `ssin` alone where there is nothing to compare with."""
    register: Status | None = None
    """How the National Register answered, if it was asked."""

"""The nouns of push: events as sources publish them, notices as subscribers get them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.routing.model import Payload


class EventKind(Enum):
    """What an event is to its attestation; numbered as in the contract."""

    ORIGINAL = 1
    CHANGE = 2
    CANCEL = 3
    REACTIVATE = 4
    SUBMISSION = 5
    """No attestation, but a message that wants an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as its source tells it."""

    reference: str
    kind: EventKind
    attestation: str
    """The reference of the attestation's ORIGINAL; its own in an ORIGINAL."""
    person: Ssin
    event_type: str
    occurred_at: datetime
    payload: Payload | None
    reply_by: datetime | None = None
    """Until when an answer is wanted, if one is."""
    only: frozenset[EnterpriseNumber] = frozenset()
    """Whom it is for; nothing if for everybody who is to be told of such events."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """An event that cannot be understood: its reference as told, and the status that says why."""

    reference: str
    status: Status


@dataclass(frozen=True, slots=True)
class Publication:
    """The events of one call, under one contract."""

    call: Call
    contract: ContractName
    events: tuple[Event | Unusable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who is to be told of an event, as the directory says today."""

    organization: EnterpriseNumber
    subscription: UUID
    legal_context: str
    deliberation: Deliberation
    quality_codes: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """Who subscribed and knows the person, and is not to be told; and why, in a return code."""

    organization: EnterpriseNumber
    quality_codes: tuple[str, ...]
    refusal_code: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Who is to be told of an event today, and who might have been."""

    told: tuple[Subscriber, ...] = ()
    untold: tuple[Untold, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where an event goes, or does not go, in one quality."""

    organization: EnterpriseNumber
    place: SectorInstitution | None
    quality_code: str
    notice_id: UUID | None
    """Nothing if it does not go there."""
    refusal_code: str = ""
    """Why not."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far an attestation has come: its last step."""

    step: int
    kind: EventKind
    person: Ssin
    contract: ContractName
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """What is kept of an event that was published before."""

    event_id: UUID
    digest: bytes
    addressees: tuple[Addressee, ...]


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be kept for a subscriber."""

    notice_id: UUID
    subscriber: EnterpriseNumber
    subscription: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to be kept, with the notices that come of it."""

    event_id: UUID
    source: EnterpriseNumber
    contract: ContractName
    event: Event
    step: int
    digest: bytes
    published_at: datetime
    expires_at: datetime
    addressees: tuple[Addressee, ...]
    notices: tuple[NewNotice, ...]


@dataclass(frozen=True, slots=True)
class PublishedOutcome:
    """What became of one event of a call."""

    reference: str
    status: Status
    person: Ssin | None = None
    replaced_by: Ssin | None = None
    addressees: tuple[Addressee, ...] = ()
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A notice that waits, with its event; content as it was published."""

    position: int
    notice_id: UUID
    subscription: UUID
    source: EnterpriseNumber
    contract: ContractName
    event: Event
    published_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice as it goes out now."""

    waiting: Waiting
    person: Ssin
    """The number of the person today."""
    subscriber: Subscriber
    payload: Payload | None
    cut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """Notices that go out together, and after which position the next ones come."""

    ticket: UUID
    deliveries: tuple[Delivery, ...]
    position: int
    more: bool
    unacknowledged: int = 0
    """How many up to the position are not acknowledged, counted no further than the bound."""
    waits: bool = False
    """Whether that bound is reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the notices of a subscriber have come."""

    last_position: int = 0
    expired_through: int = 0
    expired_count: int = 0


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """A message of a stream: notices, or a sign of life."""

    deliveries: tuple[Delivery, ...]
    position: int
    ticket: UUID | None = None
    heartbeat: timedelta | None = None
    """Told in the first message."""
    waits: bool = False
    """Whether the bound of unacknowledged notices is reached."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a reader may have, and how long."""

    heartbeat: timedelta
    """How often a stream says that it lives."""
    life: timedelta
    """After how long a stream ends by itself, give or take a fifth: connections end too."""
    unacknowledged: int
    """How many notices may be out without being acknowledged."""
    watches: int
    """How many streams a process holds."""

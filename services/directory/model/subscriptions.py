"""Who wants to be told of what, of its own accord (Dutch: abonnement)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.concepts.ssin import Ssin
from services.directory.model.calls import Asked


class DeliveryMode(Enum):
    """How notices arrive; numbered as in the contract."""

    STREAM = 1
    BATCH = 2
    QUEUE = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber wants to be told, about whom and how."""

    contract: ContractName
    event_type: str
    """Empty means every event of the contract."""
    quality_codes: tuple[QualityCode, ...]
    """Of the persons whom the subscriber knows in one of these; ascending, never empty."""
    minimum_phase: int
    fields: tuple[str, ...]
    """What of the data goes along; empty means that the notice says only that something changed."""
    mode: DeliveryMode
    period: Period


@dataclass(frozen=True, slots=True)
class Subscribing:
    """A subscription is asked for."""

    asked: Asked
    wish: Wish


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription, under the deliberation that allowed it."""

    key: UUID
    subscriber: EnterpriseNumber
    legal_context: LegalContext
    wish: Wish
    deliberation: Deliberation


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed about a person."""

    person: Ssin
    contract: ContractName
    event_type: str


@dataclass(frozen=True, slots=True)
class Told:
    """A subscriber who is to be told of an event."""

    subscription: Subscription
    quality_codes: tuple[QualityCode, ...]
    """In which the subscriber knows the person now."""
    fields: tuple[str, ...]
    """What of the data may go along today."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A subscriber who knows the person of an event and is not to be told, in some qualities."""

    subscriber: EnterpriseNumber
    quality_codes: tuple[QualityCode, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Who is to be told of an event, and who might have been."""

    told: tuple[Told, ...] = ()
    untold: tuple[Untold, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A subscription is to end."""

    asked: Asked
    key: UUID
    last_day: date

"""Steps in the life of a deliberation, and who takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from services.access.model.acts import Deliberation


class Step(Enum):
    """What an operator can do to a deliberation that is there."""

    ENACT = "ENACT"
    SUSPEND = "SUSPEND"
    WITHDRAW = "WITHDRAW"


class Office(Enum):
    """In which office a person acts. The bank prepares, the committee decides; nobody holds both
    (Act of 5 September 2018 on the Information Security Committee)."""

    BANK = "BANK"
    COMMITTEE = "COMMITTEE"


@dataclass(frozen=True, slots=True)
class Request:
    """An operator's request for a step: taken once, however often it comes."""

    request_id: UUID
    content_digest: str
    operator: str
    rpc: str
    office: Office = Office.BANK


@dataclass(frozen=True, slots=True)
class Draft:
    """A written form that could be read, with the line of each of its fields."""

    text: Deliberation
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions say differently, each as it is written; empty if absent."""

    field: str
    before: str
    after: str

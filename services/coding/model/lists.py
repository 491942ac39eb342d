"""A list of codes that leads back to persons, for one source."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.coding.model.projects import Actor
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext


class ListState(Enum):
    """What has become of a list; numbered as in the contract."""

    REQUESTED = 1
    APPROVED = 2
    REFUSED = 3
    ENDED = 4


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes, why they lead back, and to whom that is told."""

    list_id: UUID
    project_id: UUID
    ground: LegalContext
    source: EnterpriseNumber
    remark: str
    code_count: int
    digest: bytes
    """Keyed, of the codes: tells a repeat from another list."""
    state: ListState
    requested_by: Actor
    requested_at: datetime
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    sequence: int = 0
    """0 until it is kept."""

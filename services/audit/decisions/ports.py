"""What decisions need of the world around them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.audit.decisions.model import KeptDecision, NewDecision


class Decisions(Protocol):
    """Decisions that persons are told of."""

    async def add(self, told: NewDecision) -> KeptDecision:
        """Make a decision durable; what is kept under its identification."""

    async def find(self, decision_id: UUID) -> KeptDecision | None:
        """A decision, if there is one."""

    async def of_subject(
        self, keys: Sequence[bytes], after: int, most: int
    ) -> Sequence[KeptDecision]:
        """The decisions about a person, in the order of recording."""

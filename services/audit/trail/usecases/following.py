"""Following the registry: what it decided is on the trail, and then it hears so.

The registry calls nobody. What admits or widens waits there for this; while the trail can record
nothing, nothing opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.audit.trail.model import Entry


class Acts(Protocol):
    """The acts of the registry that wait until the trail has them."""

    async def unrecorded(self) -> Sequence[tuple[UUID, Sequence[Entry]]]:
        """Acts that the trail is to have, each with its records."""

    async def confirm(self, acts: Sequence[UUID]) -> None:
        """The trail has acts durably."""


class Recorder(Protocol):
    """Adds records."""

    async def record(self, entries: Sequence[Entry]) -> None:
        """Make the entries durable; all of them, or none if it fails."""


@dataclass(frozen=True)
class Following:
    """Takes over what the registry decided."""

    acts: Acts
    trail: Recorder

    async def follow_registry(self) -> int:
        """Record some acts and say so; how many."""
        waiting = await self.acts.unrecorded()
        if not waiting:
            return 0
        # A record that is there already is not added again, should the registry not have heard.
        await self.trail.record([entry for _, entries in waiting for entry in entries])
        await self.acts.confirm([act_id for act_id, _ in waiting])
        return len(waiting)

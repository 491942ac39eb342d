"""The trail's own records, made like everybody's."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.admission import model as admission
from services.admission.wire import encode_record
from services.audit.trail.usecases.trail import Trail
from services.audit.trail.wire.records import decode_entry
from services.kit.clock import Clock


@dataclass(frozen=True)
class OwnTrail:
    """Records entries in the trail itself."""

    trail: Trail
    new_id: Callable[[], UUID]
    now: Clock

    async def record(self, *entries: admission.Entry) -> None:
        """Make the entries durable, all of them together."""
        await self.trail.record(
            [decode_entry(encode_record(one, self.new_id(), self.now())) for one in entries]
        )

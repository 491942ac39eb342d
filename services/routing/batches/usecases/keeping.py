"""Looking after batches: what never came whole goes, terms that pass are told, results expire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from services.routing.batches.model import Batch

MOST = 100
"""How many batches go in one statement."""
log = structlog.get_logger()


class Store(Protocol):
    """Keeps batches."""

    async def note_overdue(self, now: datetime) -> Sequence[Batch]:
        """Those whose term has passed since it was last asked."""

    async def purge(self, now: datetime, received_before: datetime, most: int) -> int:
        """Forget batches that were kept long enough, and those that did not come whole."""


@dataclass(frozen=True)
class Upkeep:
    """Looks after batches."""

    store: Store
    now: Callable[[], datetime]
    receiving: timedelta
    """How long a batch may take to come in."""
    tell: Callable[[int], None] = lambda _: None
    """Told how many terms passed."""

    async def step(self) -> int:
        """Do some of it; how many batches went, nothing when all is done."""
        now = self.now()
        overdue = await self.store.note_overdue(now)
        for batch in overdue:
            # The operator reads it here, the customer in GetBatch.
            log.error(
                "batch not done in its term",
                batch=str(batch.batch_id),
                organization=batch.customer.digits,
                items=batch.item_count,
                done=batch.done_count,
            )
        self.tell(len(overdue))
        return await self.store.purge(now, now - self.receiving, MOST)

"""Looking after files: those that do not come in their term, and sequences that stand still."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from services.routing.batches.model import FileKey
from services.routing.files.model import Flaw, Rejection

MOST = 100
"""How many files are ended, or forgotten, in one round."""
log = structlog.get_logger()


class Store(Protocol):
    """Keeps files."""

    async def not_come(self, now: datetime, most: int) -> Sequence[FileKey]: ...

    async def reject(self, key: FileKey, flaw: Flaw, now: datetime) -> bool: ...

    async def halted(self) -> int: ...

    async def purge(self, settled_before: datetime, most: int) -> int: ...


@dataclass(frozen=True)
class FileUpkeep:
    """Looks after files."""

    store: Store
    now: Callable[[], datetime]
    kept: timedelta
    """How long it is told what became of a file."""
    tell_halted: Callable[[int], None] = lambda _: None
    """Told how many sequences wait for a file that was passed over."""
    tell_rejection: Callable[[Rejection], None] = lambda _: None
    """Told why each file was rejected."""

    async def step(self) -> int:
        """Do some of it; how much, nothing when all is done."""
        now = self.now()
        late = await self.store.not_come(now, MOST)
        for key in late:
            if await self.store.reject(key, Flaw(Rejection.NOT_RECEIVED), now):
                # The operator reads it here, the sender in GetBatchFile.
                log.error(
                    "announced file did not come",
                    organization=key.sender.digits,
                    contract=str(key.contract),
                    number=key.number,
                )
                self.tell_rejection(Rejection.NOT_RECEIVED)
        self.tell_halted(await self.store.halted())
        return len(late) + await self.store.purge(now - self.kept, MOST)

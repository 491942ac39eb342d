"""What batches need of others."""

from collections.abc import Awaitable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.admission.model import Call, Entry, Stage
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.routing.batches.model import (
    Answered,
    Batch,
    Chunk,
    FileKey,
    Item,
    Order,
    ResultPage,
)
from services.routing.model import (
    Catalogue,
    Exchange,
    Outcome,
    Party,
    Plan,
    Question,
    Refusal,
)
from services.routing.model.findings import Granted


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


class Access(Protocol):
    """Decides on the deliberations in force, for batches."""

    def check(
        self, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Granted | Denied]: ...


class Members(Protocol):
    """Knows the organizations that were admitted."""

    async def party(self, call: Call) -> Party: ...


class Trail(Protocol):
    """Makes records durable; returns when they are, fails when they are not."""

    async def record(self, *entries: Entry) -> None: ...

    async def head(self, entry: Entry) -> None:
        """Record what heads a batch, each stage of it once however often it is told."""

    def ended(self, outcome: Outcome, decision: Plan | Refusal | None) -> bytes:
        """The record of how it ended for one person, to be made durable with the others."""

    def lost(self, exchange: Exchange) -> bytes:
        """The record of what somebody may have begun who did not come back."""

    async def conclude(self, records: Sequence[bytes]) -> None:
        """Make records durable."""


class Quota(Protocol):
    """Counts exchanges against the volume that a deliberation expects."""

    async def spend_once(
        self,
        batch: str,
        places: Sequence[int],
        customer: EnterpriseNumber,
        context: LegalContext,
        hourly: int,
        expected: int,
    ) -> bool:
        """Count what stands at some places of a batch, each place once; whether the quota allows
        it."""


class Forms(Protocol):
    """How orders rest and results travel."""

    def encode_order(self, order: Order) -> bytes: ...

    def decode_order(self, kept: bytes) -> Order: ...

    def encode_result(self, position: int, item: Item, outcome: Outcome) -> bytes: ...


class Digest(Protocol):
    """What tells a batch from another, made while it comes."""

    def add(self, items: Sequence[Item]) -> None: ...

    def value(self) -> bytes: ...


class Seal(Protocol):
    """Makes digests that tell nobody else anything."""

    def digest(self, order: Order) -> Digest: ...


class Intake(Protocol):
    """Keeps what comes in."""

    async def find_ticket(self, customer: EnterpriseNumber, ticket: str) -> Batch | None:
        """The batch of a ticket."""

    async def begin(self, order: Order, kept: bytes, customer: EnterpriseNumber) -> None:
        """Keep the order of a batch of which nobody knows yet."""

    async def add_items(self, batch_id: UUID, first: int, items: Sequence[Item]) -> None:
        """Keep items that are worked on together."""

    async def accept(
        self,
        batch_id: UUID,
        digest: bytes,
        item_count: int,
        at: datetime,
        due_at: datetime,
        file: FileKey | None = None,
    ) -> bool:
        """Let the batch be known, whole, and with it the file that it came as; not if another has
        its ticket."""

    async def discard(self, batch_id: UUID) -> None:
        """Forget a batch that did not come whole."""


class Desk(Protocol):
    """Tells of batches."""

    async def find(self, customer: EnterpriseNumber, batch_id: UUID) -> Batch | None: ...

    async def order(self, batch_id: UUID) -> bytes: ...

    async def latest(
        self, customer: EnterpriseNumber, before: UUID | None, most: int
    ) -> list[Batch]: ...

    async def results(self, batch: Batch, position: int, most: int, most_bytes: int) -> ResultPage:
        """Results in order from a place on, as far as all before them are there."""

    async def cancel(self, batch_id: UUID, kept: timedelta) -> bool:
        """Give a batch up; whether it was not final."""


class Bench(Protocol):
    """Hands out work, under a lease that names its attempt; what is written under an older one
    changes nothing and gives False."""

    async def take(self, lease: timedelta) -> Chunk | None: ...

    async def order(self, batch_id: UUID) -> bytes: ...

    async def renew(self, chunk: Chunk, lease: timedelta) -> bool: ...

    async def answer(self, chunk: Chunk, answered: Answered) -> bool: ...

    async def finish(self, chunk: Chunk) -> Batch | None:
        """The batch with the chunk done; nothing if the attempt is over."""

    async def release(self, chunk: Chunk, pause: timedelta) -> bool:
        """Let others take it after a pause; this attempt did not end badly."""

    async def divide(self, chunk: Chunk, size: int) -> bool:
        """Make two chunks of it, the first of a size."""

    async def close(self, batch_id: UUID, kept: timedelta) -> bool: ...

    async def stop(self, chunk: Chunk, kept: timedelta) -> bool:
        """Drop the chunk and all that was not begun; whether nothing is left, so that the batch is
        over."""

    async def worked_off(self) -> list[Batch]:
        """Batches of which every item has its result and that are not done yet."""


class Woken(Protocol):
    """Set when something came."""

    def clear(self) -> None: ...

    async def wait(self) -> object: ...


class Wakeups(Protocol):
    """Wakes who waits for a key."""

    def announce(self, keys: Iterable[str]) -> None: ...

    def waiter(self, key: str) -> AbstractAsyncContextManager[Woken]: ...


UNTREATED = "CBSS20002"
"""The status of an item on which those who worked on it ended again and again."""
CHANNEL = "batch"
"""Where wake-ups about batches are announced."""
WORK = "work"
"""The key that workers wait for."""
HEADED = (Stage.INTENT, Stage.OUTCOME, Stage.REFUSAL)
"""The stages in which a record heads a batch."""

"""The decisions about batches, pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.routing.batches.model import Batch, Chunk, Item

USUAL_TERM = timedelta(days=4)
"""Within which a batch is done unless another term was agreed. Source: slide 25."""
MOST_BAD_ENDS = 3
"""How many attempts at a chunk may end without a word; then it is divided."""
MOST_ATTEMPTS = 12
"""How often a chunk is taken whose sources are not there, which is for about twenty minutes."""
LONGEST_REST = timedelta(minutes=5)


def due_at(submitted_at: datetime, agreed: timedelta | None) -> datetime:
    """When a batch is to be done."""
    return submitted_at + (USUAL_TERM if agreed is None else agreed)


def chunk_size(usual: int, hourly_quota: int) -> int:
    """How many items are asked together: never more than an hour allows."""
    return min(usual, hourly_quota) if hourly_quota else usual


def estimate(batch: Batch, now: datetime) -> datetime | None:
    """When a batch will be done at the pace so far; nothing while there is no pace."""
    if batch.state.is_final or batch.started_at is None or not batch.done_count:
        return None
    left = batch.item_count - batch.done_count
    return now + (now - batch.started_at) * left / batch.done_count


def is_suspect(chunk: Chunk) -> bool:
    """Whether something in the chunk may be what ends those who work on it."""
    return chunk.ended_badly > MOST_BAD_ENDS


def is_last(chunk: Chunk) -> bool:
    """Whether what sources say now is the answer, though some of them are not there."""
    return chunk.attempt >= MOST_ATTEMPTS


def rest(chunk: Chunk, first: timedelta) -> timedelta:
    """How long a chunk rests whose sources were not there: twice as long each time."""
    longer: int = 2 ** min(chunk.attempt - 1, 16)
    return min(LONGEST_REST, first * longer)


def halves(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Both halves of the items of a chunk."""
    middle = (len(items) + 1) // 2
    return items[:middle], items[middle:]

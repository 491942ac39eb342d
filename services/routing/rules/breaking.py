"""When a source is left alone for a while, and how much of the mesh it may hold: a circuit breaker
and a bulkhead (own work; the patterns are the field's)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

SOURCE_AWAY = "SOURCE_AWAY"
"""Why a source was not asked: it failed too often, and is tried again in a moment."""
SOURCE_BUSY = "SOURCE_BUSY"
"""Why a source was not asked: it owes as many answers as it may."""


class Circuit(Enum):
    """Whether a source is asked; numbered as in the contract."""

    CLOSED = 1
    OPEN = 2
    HALF_OPEN = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a source may cost those who ask it."""

    questions: int = 2048
    """How many may wait for its answer at the same time, in one process."""
    looked_at: int = 20
    """How many of its last answers decide whether it is left alone."""
    failed: int = 10
    """How many of those must have failed."""
    pause: timedelta = timedelta(seconds=1)
    """How long it is left alone at first; twice as long after each trial that fails."""
    longest_pause: timedelta = timedelta(seconds=8)


@dataclass(slots=True)
class Guard:
    """One source, as this process knows it. Times are seconds of a clock that never goes back."""

    bounds: Bounds
    circuit: Circuit = Circuit.CLOSED
    waiting: int = 0
    answered: int = 0
    failed: int = 0
    refused: int = 0
    _last: deque[bool] = field(default_factory=deque)
    _pause: float = 0.0
    _until: float = 0.0
    _tries: bool = False

    def enter(self, now: float) -> str:
        """Let a question through, to be followed by `leave`; or why it is not let through."""
        why = self._why_not(now)
        if why:
            self.refused += 1
            return why
        if self.circuit is Circuit.OPEN:
            self.circuit = Circuit.HALF_OPEN
        # A single question tries whether the source is there again; the others do not wait for it.
        self._tries = self.circuit is Circuit.HALF_OPEN
        self.waiting += 1
        return ""

    def leave(self, now: float, good: bool | None) -> None:
        """A question is over: answered, failed, or given up by who asked, which says nothing."""
        self.waiting -= 1
        if good is None:
            self._tries = False
            return
        self.answered += good
        self.failed += not good
        if self.circuit is Circuit.CLOSED:
            self._count(now, good)
        elif good:
            # Whoever answers is there, whether his question was the trial or left before.
            self._close()
        elif self._tries:
            self._open(now)

    def left_alone(self, now: float) -> float | None:
        """How many seconds the source is still left alone; nothing unless it is."""
        return max(0.0, self._until - now) if self.circuit is Circuit.OPEN else None

    def _why_not(self, now: float) -> str:
        if self.circuit is Circuit.OPEN and now < self._until:
            return SOURCE_AWAY
        if self.circuit is Circuit.HALF_OPEN and self._tries:
            return SOURCE_AWAY
        return SOURCE_BUSY if self.waiting >= self.bounds.questions else ""

    def _count(self, now: float, good: bool) -> None:
        self._last.append(good)
        if len(self._last) > self.bounds.looked_at:
            self._last.popleft()
        full = len(self._last) == self.bounds.looked_at
        if full and self._last.count(False) >= self.bounds.failed:
            self._open(now)

    def _open(self, now: float) -> None:
        longest = self.bounds.longest_pause.total_seconds()
        self._pause = min(longest, self._pause * 2 or self.bounds.pause.total_seconds())
        self._until = now + self._pause
        self.circuit, self._tries = Circuit.OPEN, False
        self._last.clear()

    def _close(self) -> None:
        self.circuit, self._tries, self._pause = Circuit.CLOSED, False, 0.0
        self._last.clear()

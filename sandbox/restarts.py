"""How often a process that dies is started again, and when that is given up."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Restarts:
    """What is tried before a process is given up."""

    most: int = 5
    """How many restarts within the window; after one more death it is given up."""
    window: float = 60.0
    """Seconds after which a death is forgotten."""
    first: float = 0.2
    """Seconds before the first restart; each further one in the window waits twice as long."""
    longest: float = 5.0
    """Seconds that a restart waits at most."""


NEVER = Restarts(most=0)
"""Whoever started it looks for itself."""


class Deaths:
    """The deaths of one process."""

    def __init__(self, restarts: Restarts, clock: Callable[[], float] = time.monotonic) -> None:
        self._restarts = restarts
        self._clock = clock
        self._times: deque[float] = deque()

    def pause(self) -> float | None:
        """It died once more: how long to wait before it is started again; None, if never."""
        now = self._clock()
        while self._times and self._times[0] <= now - self._restarts.window:
            self._times.popleft()
        self._times.append(now)
        before = len(self._times) - 1
        if before >= self._restarts.most:
            return None
        return min(self._restarts.first * 2.0**before, self._restarts.longest)

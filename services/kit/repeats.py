"""What says the same again and again is said ten times, and then counted."""

import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import structlog

BURST = 10
"""How often the same is said within a window."""
WINDOW = 10.0
"""Seconds; then it is said again, with how often it was left out."""
_MOST = 1024
"""How many different things are told apart."""
VARYING = frozenset({"ticket", "trace", "seconds", "attempt", "delay", "count"})
"""Fields in which lines differ that say the same."""


@dataclass(slots=True)
class _Said:
    since: float
    line: dict[str, Any]
    times: int = 1
    left_out: int = 0


@dataclass
class Repeats:
    """Leaves lines out; a processor of structlog."""

    clock: Callable[[], float] = time.monotonic
    _said: dict[frozenset[tuple[str, object]], _Said] = field(default_factory=dict)
    _overdue: list[dict[str, Any]] = field(default_factory=list)

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The line as it is said, or DropEvent."""
        now = self.clock()
        self._forget(now)
        same = frozenset((k, str(v)) for k, v in event.items() if k not in VARYING)
        said = self._said.get(same)
        if said is None:
            self._said[same] = _Said(now, dict(event))
        elif said.times < BURST:
            said.times += 1
        else:
            said.left_out += 1
            raise structlog.DropEvent
        return event

    def overdue(self) -> list[dict[str, Any]]:
        """What was left out in windows that are over, once each, with how often."""
        told, self._overdue = self._overdue, []
        return told

    def _forget(self, now: float) -> None:
        while self._said:
            oldest = next(iter(self._said))
            said = self._said[oldest]
            if now - said.since < WINDOW and len(self._said) <= _MOST:
                return
            del self._said[oldest]
            if said.left_out:
                self._overdue.append(said.line | {"repeated": said.left_out})

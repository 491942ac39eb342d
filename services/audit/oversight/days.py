"""Records in the order of recording, gathered into days in the order of the calendar."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.audit.oversight.model import Day, Step

PATIENCE = timedelta(days=1)
"""How long a day waits for what is recorded late; what comes later counts on the oldest day that is
still open."""


class Days:
    """Gives every day of a period once, also those on which nothing was done."""

    def __init__(self, first: date, end: date) -> None:
        self._first = self._next = first
        self._end = end
        self._open: dict[date, list[Step]] = {}

    def add(self, steps: Iterable[Step]) -> Iterator[Day]:
        """The days that are complete with these steps."""
        for step in steps:
            if not self._first <= step.at.date() < self._end:
                continue
            day = max(step.at.date(), self._next)
            self._open.setdefault(day, []).append(step)
            yield from self._until(day - PATIENCE)

    def rest(self) -> Iterator[Day]:
        """The days that are left when nothing more comes."""
        yield from self._until(self._end)

    def _until(self, end: date) -> Iterator[Day]:
        while self._next < end:
            day = self._next
            self._next += timedelta(days=1)
            yield Day(day, sorted(self._open.pop(day, ()), key=lambda step: step.at))

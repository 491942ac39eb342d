"""The months of recording: which one is open, and the keys that hide persons in each."""

import asyncio
import time
from collections.abc import Sequence
from secrets import token_bytes
from typing import Protocol

from services.audit.trail.model import WrappedKey
from services.audit.trail.month_names import month_number
from services.audit.trail.subjects import SECRET_BYTES, MonthKey, SubjectKeys
from services.kit.clock import Clock

PATIENCE = 1.0
"""Seconds between two attempts to begin a month that the database says has not come."""


class Keys(Protocol):
    """Where the months are kept."""

    async def begin(self, version: int, wrapped: bytes) -> int:
        """Begin the month of the clock if it has come; the month that is open afterwards."""

    async def keys(self) -> Sequence[WrappedKey]:
        """The keys of all months that are not forgotten, oldest first."""


class Months:
    """Knows the months, and begins the next one when it has come."""

    def __init__(self, kept: Keys, subjects: SubjectKeys, now: Clock) -> None:
        self._kept = kept
        self._subjects = subjects
        self._now = now
        self._known: dict[int, MonthKey] = {}
        self._open: int | None = None
        self._asked_at = float("-inf")
        self._renewing = asyncio.Lock()

    async def current(self) -> MonthKey:
        """The month that is open: the one of the clock, unless the clock was set back."""
        if self._open is None or self._is_due():
            await self.renew()
        assert self._open is not None
        return self._known[self._open]

    async def renew(self) -> None:
        """Look again which month is open, and begin the one that has come."""
        async with self._renewing:
            self._asked_at = time.monotonic()
            secret = self._subjects.wrapped(token_bytes(SECRET_BYTES))
            # What another replica began is what counts; then this secret is of no use to anybody.
            begun = await self._kept.begin(self._subjects.current, secret)
            await self._read()
            self._open = begun

    async def all(self) -> list[MonthKey]:
        """Every month that is not forgotten, oldest first."""
        await self.current()
        await self._read()
        return [self._known[month] for month in sorted(self._known)]

    def _is_due(self) -> bool:
        today = self._now()
        late = self._open is not None and month_number(today.year, today.month) > self._open
        return late and time.monotonic() - self._asked_at > PATIENCE

    async def _read(self) -> None:
        kept = {one.month: one for one in await self._kept.keys()}
        for month in kept.keys() - self._known.keys():
            secret = self._subjects.unwrapped(kept[month].key_version, kept[month].wrapped)
            self._known[month] = MonthKey.of(month, secret)
        for forgotten in self._known.keys() - kept.keys():
            del self._known[forgotten]

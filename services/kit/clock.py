"""Time, handed to whoever needs it, and the deadline of the call at hand."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Tells the present instant, aware and in UTC."""

DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)
"""When the call at hand must be answered, on the scale of `time.monotonic`."""

_BELGIUM = ZoneInfo("Europe/Brussels")


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def belgian_day(at: datetime) -> date:
    """The calendar day in Belgium at an instant: legal periods are counted in those."""
    return belgian_time(at).date()


def belgian_days(at: datetime, tolerance: timedelta) -> frozenset[date]:
    """The calendar days in Belgium by clocks that differ by so much at most: two around midnight,
    and the days between."""
    first, last = belgian_day(at - tolerance), belgian_day(at + tolerance)
    return frozenset(first + timedelta(days) for days in range((last - first).days + 1))


def day_asked(asked_at: datetime | None, now: datetime, tolerance: timedelta) -> date:
    """The calendar day in Belgium on which a question counts: that of who received it first, if
    its clock and ours can differ so far, and else ours."""
    if asked_at is None or abs(asked_at - now) > tolerance:
        return belgian_day(now)
    return belgian_day(asked_at)


def belgian_time(at: datetime) -> datetime:
    """An instant by the clocks of Belgium."""
    return at.astimezone(_BELGIUM)


def belgian_midnight(day: date) -> datetime:
    """The instant at which a calendar day begins in Belgium."""
    return datetime(day.year, day.month, day.day, tzinfo=_BELGIUM)


def remaining() -> timedelta | None:
    """What is left of the time for the call at hand, never negative; None if it has no end."""
    deadline = DEADLINE.get()
    if deadline is None:
        return None
    return timedelta(seconds=max(0.0, deadline - time.monotonic()))


@contextmanager
def within(limit: timedelta) -> Iterator[None]:
    """Give what is called inside at most this much time, and never more than is left."""
    mine = time.monotonic() + limit.total_seconds()
    outer = DEADLINE.get()
    token = DEADLINE.set(mine if outer is None else min(mine, outer))
    try:
        yield
    finally:
        DEADLINE.reset(token)

"""Days of the trail, written as one would tell them."""

from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.oversight.model import Day, Kind, Step

BELGIUM = ZoneInfo("Europe/Brussels")
MONDAY = date(2026, 3, 2)
"""The first of a week without holidays."""
US, THEM = "0899990348", "0899990447"
_tickets = count(1)


def step(kind, day=0, hour=10, *, who=US, about=1, by=None, minute=0, **others):
    """A step, so many days after that Monday."""
    on = MONDAY + timedelta(day)
    at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=BELGIUM)
    return Step(at, kind, UUID(int=next(_tickets)), who, about, by, **others)


def look(*where, **what):
    return step(Kind.LOOK, *where, **what)


def search(*where, **what):
    return step(Kind.SEARCH, *where, **what)


def register(*where, **what):
    return step(Kind.REGISTER, *where, **what)


def unregister(*where, **what):
    return step(Kind.UNREGISTER, *where, **what)


def days(steps, until=40, first=0):
    """Every day from one to before another, counted from that Monday."""
    return [
        Day(
            day := MONDAY + timedelta(n),
            sorted((one for one in steps if one.at.date() == day), key=lambda one: one.at),
        )
        for n in range(first, until)
    ]

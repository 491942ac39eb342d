"""Asking outside the hours at which one's institution works."""

from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Actor, Alert, Code, Day
from services.audit.oversight.model.thresholds import Hours, Rules

CODE = Code.OFF_HOURS
SATURDAY = 5


def is_off_hours(at: datetime, hours: Hours) -> bool:
    """Whether an instant, by the clocks of Belgium, is one at which offices are closed."""
    if not hours.opens <= at.hour < hours.closes:
        return True
    return is_off_day(at.date(), hours)


@lru_cache(maxsize=4096)
def is_off_day(day: date, hours: Hours) -> bool:
    """Whether offices are closed all day."""
    since_easter = (day - easter(day.year)).days
    fixed = (day.month, day.day) in hours.holidays
    return day.weekday() >= SATURDAY or fixed or since_easter in hours.after_easter


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


class OffHours:
    """Judges an official by the habit of his institution: some never close."""

    def __init__(self, versions: Rules[Hours]) -> None:
        self._versions = versions
        self._habits: dict[str, deque[tuple[date, int, int]]] = defaultdict(deque)

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        late: dict[Actor, dict[UUID, None]] = defaultdict(dict)
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for step in day.steps:
            if step.is_asked_alone and step.organization:
                is_late = is_off_hours(step.at, rule.thresholds)
                counts[step.organization][0] += is_late
                counts[step.organization][1] += 1
                if is_late:
                    late[step.organization, step.official][step.ticket] = None
        for (organization, _), tickets in late.items():
            if len(tickets) < rule.thresholds.least_exchanges:
                continue
            if self._usual(organization, day.date, rule.thresholds) <= rule.thresholds.usual_share:
                found = tuple(tickets)[:MOST_TICKETS]
                yield Alert(
                    CODE, rule.begins, organization, day.date, day.date, len(tickets), found
                )
        for organization, (off, all_of_them) in counts.items():
            self._habits[organization].append((day.date, off, all_of_them))

    def _usual(self, organization: str, day: date, hours: Hours) -> float:
        """The share of its questions that came at such hours lately; 0 if none came at all."""
        habit = self._habits[organization]
        while habit and habit[0][0] < day - timedelta(hours.habit_days):
            habit.popleft()
        asked = sum(all_of_them for *_, all_of_them in habit)
        return sum(off for _, off, _ in habit) / asked if asked else 0.0

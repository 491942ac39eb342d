"""Searching persons with whom nothing is done afterwards: fishing."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Actor, Alert, Code, Day, Kind
from services.audit.oversight.model.thresholds import Rules, Searching

CODE = Code.SEARCH_WITHOUT_FOLLOW_UP


@dataclass(slots=True)
class Searched:
    """A search, and whom it found."""

    at: datetime
    actor: Actor
    ticket: UUID
    subjects: set[int] = field(default_factory=set)
    is_followed_up: bool = False


class FollowUps:
    """Sees what comes after searches: anything that the same institution does with who was found,
    by whichever official. A search that finds nobody is none of these."""

    def __init__(self) -> None:
        self._pending: deque[tuple[date, list[Searched]]] = deque()
        self._touched: dict[tuple[str, int], datetime] = {}

    def see(self, day: Day, follow_up_days: int) -> list[tuple[date, list[Searched]]]:
        """The searches, by day, of which it is known once this day begins whether they were
        followed up."""
        ended = []
        while self._pending and self._pending[0][0] + timedelta(follow_up_days) < day.date:
            ended.append(self._pending.popleft())
        for _, searches in ended:
            for search in searches:
                search.is_followed_up = self._is_touched(search)
        self._forget(day.date - timedelta(follow_up_days))
        self._pending.append((day.date, self._searched(day)))
        return ended

    def _searched(self, day: Day) -> list[Searched]:
        """The searches of a day; what else is done with persons is remembered."""
        found: dict[UUID, Searched] = {}
        for step in day.steps:
            if step.subject is None or not step.organization:
                continue
            if step.kind is Kind.SEARCH and step.is_permitted:
                actor = (step.organization, step.official)
                one = found.setdefault(step.ticket, Searched(step.at, actor, step.ticket))
                one.subjects.add(step.subject)
            elif step.kind is not Kind.SEARCH:
                key = (step.organization, step.subject)
                # Last touched last, so that what is old is found at the beginning.
                self._touched.pop(key, None)
                self._touched[key] = step.at
        return list(found.values())

    def _is_touched(self, search: Searched) -> bool:
        keys = ((search.actor[0], subject) for subject in search.subjects)
        return any(at >= search.at for key in keys if (at := self._touched.get(key)) is not None)

    def _forget(self, oldest: date) -> None:
        while self._touched:
            first = next(iter(self._touched))
            if self._touched[first].date() >= oldest:
                return
            del self._touched[first]


class SearchWithoutFollowUp:
    """Speaks when an official searched much on a day, almost always for nothing."""

    def __init__(self, versions: Rules[Searching]) -> None:
        self._versions = versions
        self._follow_ups = FollowUps()

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of a day whose searches have had their time."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        limits = rule.thresholds
        for searched_on, searches in self._follow_ups.see(day, limits.follow_up_days):
            by: dict[Actor, list[Searched]] = defaultdict(list)
            for search in searches:
                by[search.actor].append(search)
            for (organization, _), own in by.items():
                idle = [one.ticket for one in own if not one.is_followed_up]
                if len(own) >= limits.least_searches and len(idle) >= limits.least_share * len(own):
                    tickets = tuple(idle[:MOST_TICKETS])
                    yield Alert(
                        CODE,
                        rule.begins,
                        organization,
                        searched_on,
                        searched_on,
                        len(idle),
                        tickets,
                    )

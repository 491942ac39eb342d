"""The monthly report of each institution: counts, and no person."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.audit.oversight.model import Day, Kind, Report
from services.audit.oversight.model.thresholds import Rulebook
from services.audit.oversight.rules.hours import is_off_hours
from services.audit.oversight.rules.searching import FollowUps


@dataclass(slots=True)
class _Counted:
    """What is counted of one institution; an exchange once, however many records it has."""

    exchanges: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    off_hours: int = 0
    searches: int = 0
    idle: int = 0
    asked: Counter[int] = field(default_factory=Counter)
    batches: int = 0
    in_batches: int = 0


class Reports:
    """Counts the days of a month. Days after it only tell whether its searches were followed up."""

    def __init__(self, rules: Rulebook, first: date, end: date) -> None:
        self._rules = rules
        self._first = first
        self._end = end
        self._follow_ups = FollowUps()
        self._counted: dict[str, _Counted] = defaultdict(_Counted)

    def see(self, day: Day) -> None:
        """Count a day; days follow each other."""
        self._follow(day)
        if not self._first <= day.date < self._end:
            return
        hours = self._rules.hours.find(day.date)
        seen: set[tuple[str, UUID]] = set()
        for step in day.steps:
            if not step.organization or step.is_line:
                continue
            of = self._counted[step.organization]
            if (step.organization, step.ticket) not in seen:
                seen.add((step.organization, step.ticket))
                of.exchanges[step.legal_context] += 1
                of.batches += step.persons > 0
                of.in_batches += step.persons
                if not step.is_permitted:
                    of.refusals[step.reason] += 1
                if step.is_asked_alone and hours and is_off_hours(step.at, hours.thresholds):
                    of.off_hours += 1
            if step.is_asked_alone and step.kind is Kind.LOOK and step.subject is not None:
                of.asked[step.subject] += 1

    def _follow(self, day: Day) -> None:
        rule = self._rules.searching.find(day.date)
        if rule is None:
            return
        for searched_on, searches in self._follow_ups.see(day, rule.thresholds.follow_up_days):
            if self._first <= searched_on < self._end:
                for search in searches:
                    of = self._counted[search.actor[0]]
                    of.searches += 1
                    of.idle += not search.is_followed_up

    def all(self) -> list[Report]:
        """The reports, by enterprise number."""
        return [
            self._report(organization, self._counted[organization])
            for organization in sorted(self._counted)
        ]

    def _report(self, organization: str, of: _Counted) -> Report:
        bounds = self._rules.asked_at_least
        return Report(
            organization,
            of.exchanges.total(),
            dict(of.exchanges.most_common()),
            dict(of.refusals.most_common()),
            of.off_hours,
            of.searches,
            of.idle,
            len(of.asked),
            {bound: _count(of.asked.values(), bound) for bound in bounds},
            of.batches,
            of.in_batches,
        )


def _count(times: Iterable[int], bound: int) -> int:
    return sum(1 for asked in times if asked >= bound)

"""Asking about the deceased, and about minors of whom one has no file."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from services.audit.oversight.model import (
    DECEASED,
    MOST_TICKETS,
    NOT_A_CLIENT,
    Actor,
    Alert,
    Code,
    Day,
    Kind,
    Step,
)
from services.audit.oversight.model.thresholds import Ages, Rules

CODE = Code.DECEASED_OR_MINOR


@dataclass(slots=True)
class _OfDay:
    """What an official asked on a day."""

    day: date
    asked: int = 0
    odd: dict[UUID, int] = field(default_factory=dict)
    """Exchanges about who has died, or about minors outside every quality; and the person."""


class DeceasedOrMinor:
    """Counts persons whom routing refused: that somebody has died is news to most who read it
    once, and a minor without a file may be a slip of the finger.

    Of those who have a file nothing is said: there the quality covers the question.
    """

    def __init__(self, versions: Rules[Ages]) -> None:
        self._versions = versions
        self._days: dict[Actor, list[_OfDay]] = defaultdict(list)

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        limits = rule.thresholds
        today = self._today(day, limits)
        oldest = day.date - timedelta(limits.window_days - 1)
        for actor, new in today.items():
            recent = [one for one in self._days[actor] if one.day >= oldest]
            self._days[actor] = [*recent, new]
            if not new.odd:
                continue
            odd = {ticket: who for one in self._days[actor] for ticket, who in one.odd.items()}
            persons = len(set(odd.values()))
            asked = sum(one.asked for one in self._days[actor])
            if persons < limits.least_persons or len(odd) < limits.least_share * asked:
                continue
            first = min(one.day for one in self._days[actor] if one.odd)
            found = tuple(odd)[:MOST_TICKETS]
            yield Alert(CODE, rule.begins, actor[0], first, day.date, persons, found)
            # Told once; whoever goes on is told of again.
            for one in self._days[actor]:
                one.odd.clear()

    def _today(self, day: Day, limits: Ages) -> dict[Actor, _OfDay]:
        by: dict[Actor, _OfDay] = {}
        for step in day.steps:
            if not step.organization or not step.is_asked_alone or step.kind is not Kind.LOOK:
                continue
            actor = (step.organization, step.official)
            of = by.setdefault(actor, _OfDay(day.date))
            of.asked += 1
            if step.subject is not None and _is_odd(step, limits):
                of.odd[step.ticket] = step.subject
        return by


def _is_odd(step: Step, limits: Ages) -> bool:
    if step.reason == DECEASED:
        return True
    is_minor = step.age is not None and step.age < limits.majority
    return is_minor and step.reason == NOT_A_CLIENT

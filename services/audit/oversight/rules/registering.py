"""Registering a person to be let look, and unregistering him afterwards."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Actor, Alert, Code, Day, Kind, Step
from services.audit.oversight.model.thresholds import Registering, Rule, Rules

CODE = Code.REGISTER_LOOK_UNREGISTER


@dataclass(slots=True)
class _Opened:
    """A registration, and what was asked under it."""

    day: date
    actor: Actor
    tickets: list[UUID] = field(default_factory=list)
    looks: int = 0


@dataclass(frozen=True, slots=True)
class _Case:
    """A person who was registered, looked at and unregistered."""

    day: date
    tickets: tuple[UUID, ...]


class RegisterLookUnregister:
    """Speaks when the same official did it again and again, as corrections happen to everybody.

    Of an institution that does not tell its officials, all of them together are taken for one; the
    share of its registrations keeps a large one from being told of its ordinary mistakes.
    """

    def __init__(self, versions: Rules[Registering]) -> None:
        self._versions = versions
        self._opened: dict[tuple[str, int], _Opened] = {}
        self._registered: dict[Actor, deque[date]] = defaultdict(deque)
        self._cases: dict[Actor, deque[_Case]] = defaultdict(deque)

    def see(self, day: Day) -> Iterator[Alert]:
        """The cases that end on the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        self._forget(day.date, rule.thresholds)
        for step in day.steps:
            if step.subject is None or not step.organization or not step.is_permitted:
                continue
            actor = self._follow(step, (step.organization, step.subject), rule.thresholds)
            if actor is not None and (alert := self._judged(actor, day.date, rule)):
                yield alert

    def _follow(self, step: Step, key: tuple[str, int], limits: Registering) -> Actor | None:
        """Whose case this step completes."""
        if step.kind is Kind.REGISTER:
            actor = (step.organization, step.official)
            registered = self._registered[actor]
            registered.append(step.at.date())
            while registered[0] < step.at.date() - timedelta(limits.window_days):
                registered.popleft()
            self._opened.setdefault(key, _Opened(step.at.date(), actor, [step.ticket]))
        elif step.kind is Kind.LOOK and not step.is_line and (opened := self._opened.get(key)):
            opened.looks += 1
            opened.tickets.append(step.ticket)
        elif step.kind is Kind.UNREGISTER and (opened := self._opened.pop(key, None)):
            return self._closed(opened, step, limits)
        return None

    def _closed(self, opened: _Opened, step: Step, limits: Registering) -> Actor | None:
        if not opened.looks or (step.at.date() - opened.day).days > limits.lived_days:
            return None
        case = _Case(step.at.date(), (*opened.tickets, step.ticket))
        self._cases[opened.actor].append(case)
        return opened.actor

    def _judged(self, actor: Actor, day: date, rule: Rule[Registering]) -> Alert | None:
        limits = rule.thresholds
        oldest = day - timedelta(limits.window_days)
        cases, registered = self._cases[actor], self._registered[actor]
        while cases and cases[0].day < oldest:
            cases.popleft()
        while registered and registered[0] < oldest:
            registered.popleft()
        many = len(cases) >= limits.least_cases
        if not many or len(cases) < limits.least_share * len(registered):
            return None
        tickets = tuple(ticket for case in cases for ticket in case.tickets)[:MOST_TICKETS]
        first, count = cases[0].day, len(cases)
        # Told once; whoever goes on is told of again.
        cases.clear()
        return Alert(CODE, rule.begins, actor[0], first, day, count, tickets)

    def _forget(self, day: date, limits: Registering) -> None:
        """Let go of registrations that have lived."""
        oldest = day - timedelta(limits.lived_days + 1)
        while self._opened:
            first = next(iter(self._opened))
            if self._opened[first].day >= oldest:
                return
            del self._opened[first]

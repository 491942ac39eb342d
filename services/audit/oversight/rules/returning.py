"""Asking about the same person who is no client, again and again."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, NOT_A_CLIENT, Alert, Code, Day, Kind, Step
from services.audit.oversight.model.thresholds import Returning, Rules

CODE = Code.SAME_NON_CLIENT
Tries = dict[UUID, date]
"""Exchanges, and the day of each."""


class Returns:
    """Counts questions that were refused because the institution has no file, and searches that
    found this one person. Once it has a file, all of them had a reason.

    Programs repeat what was refused; only officials return. Those of an institution that does not
    tell them count as one.
    """

    def __init__(self, versions: Rules[Returning]) -> None:
        self._versions = versions
        self._tries: dict[tuple[str, int], dict[int | None, Tries]] = {}

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        limits = rule.thresholds
        self._forget(day.date - timedelta(limits.window_days))
        lone = _found_alone(day)
        tried: dict[tuple[str, int, int | None], None] = {}
        for step in day.steps:
            if step.subject is None or not step.organization:
                continue
            person = (step.organization, step.subject)
            if _shows_a_file(step):
                self._tries.pop(person, None)
            elif _is_try(step, lone):
                by = self._tries.setdefault(person, {})
                by.setdefault(step.official, {})[step.ticket] = day.date
                tried[*person, step.official] = None
        for organization, subject, official in tried:
            tries = self._tries.get((organization, subject), {}).get(official, {})
            days = set(tries.values())
            if len(tries) < limits.least_exchanges or len(days) < limits.least_days:
                continue
            found = tuple(tries)[:MOST_TICKETS]
            yield Alert(CODE, rule.begins, organization, min(days), day.date, len(tries), found)
            # Told once; whoever goes on is told of again.
            del self._tries[organization, subject][official]

    def _forget(self, oldest: date) -> None:
        """Let go of tries that are too old to count."""
        for person, by in list(self._tries.items()):
            for official, tries in list(by.items()):
                for ticket in [one for one, tried in tries.items() if tried < oldest]:
                    del tries[ticket]
                if not tries:
                    del by[official]
            if not by:
                del self._tries[person]


def _found_alone(day: Day) -> set[UUID]:
    """The searches of a day that found one person, and not namesakes too."""
    found: dict[UUID, set[int]] = defaultdict(set)
    for step in day.steps:
        if step.kind is Kind.SEARCH and step.is_permitted and step.subject is not None:
            found[step.ticket].add(step.subject)
    return {ticket for ticket, subjects in found.items() if len(subjects) == 1}


def _is_try(step: Step, lone: set[UUID]) -> bool:
    if step.is_program or not step.is_asked_alone:
        return False
    return step.reason == NOT_A_CLIENT if step.kind is Kind.LOOK else step.ticket in lone


def _shows_a_file(step: Step) -> bool:
    return step.is_permitted and step.kind in (Kind.LOOK, Kind.REGISTER)

"""Asking about oneself, or about those with whom one works."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Actor, Alert, Code, Day, Kind, Step
from services.audit.oversight.model.thresholds import Colleagues, OwnNumber, Rules


class Staff:
    """Who works where, seen from whom they ask about.

    Of everybody only the last few others are remembered: that is all it takes to be an official.
    """

    def __init__(self) -> None:
        self._others: dict[Actor, dict[int, date]] = defaultdict(dict)

    def see(self, day: Day, enough: int) -> None:
        """Those who ask on a day."""
        for step in day.steps:
            if step.subject is None or not _is_by_official(step) or step.subject == step.official:
                continue
            others = self._others[step.organization, step.official]
            # Last asked last, so that the oldest is found at the beginning.
            others.pop(step.subject, None)
            others[step.subject] = day.date
            if len(others) > enough:
                del others[next(iter(others))]

    def works(self, actor: Actor, since: date, least_others: int) -> bool:
        """Whether somebody asked about so many others since a day."""
        others = self._others.get(actor, {})
        return sum(1 for asked in others.values() if asked >= since) >= least_others


def _is_by_official(step: Step) -> bool:
    return bool(step.organization) and step.official is not None and not step.is_program


def _is_looked_at(step: Step) -> bool:
    """Whether an official wanted this one person; searches find namesakes."""
    alone = not step.is_line and not step.persons
    return alone and step.kind in (Kind.LOOK, Kind.REGISTER) and _is_by_official(step)


class AboutOneself:
    """Speaks of an official who asks about his own number: he reads his data as a citizen.

    That it was refused does not matter.
    """

    def __init__(self, versions: Rules[OwnNumber]) -> None:
        self._versions = versions
        self._staff = Staff()

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        limits = rule.thresholds
        self._staff.see(day, limits.least_others)
        own: dict[Actor, dict[UUID, None]] = defaultdict(dict)
        for step in day.steps:
            if _is_looked_at(step) and step.subject == step.official:
                own[step.organization, step.official][step.ticket] = None
        since = day.date - timedelta(limits.known_days)
        for actor, tickets in own.items():
            is_official = self._staff.works(actor, since, limits.least_others)
            if is_official and len(tickets) >= limits.least_exchanges:
                found = tuple(tickets)[:MOST_TICKETS]
                yield Alert(
                    Code.OWN_NUMBER,
                    rule.begins,
                    actor[0],
                    day.date,
                    day.date,
                    len(tickets),
                    found,
                )


@dataclass(slots=True)
class _Asked:
    """When a colleague was last asked about, and in which exchanges."""

    first_day: date
    last_day: date
    tickets: list[UUID] = field(default_factory=list)


class AboutColleagues:
    """Speaks of an official who asks about several colleagues: one may be a client."""

    def __init__(self, versions: Rules[Colleagues]) -> None:
        self._versions = versions
        self._staff = Staff()
        self._asked: dict[Actor, dict[int, _Asked]] = defaultdict(dict)

    def see(self, day: Day) -> Iterator[Alert]:
        """The officials of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        limits = rule.thresholds
        self._staff.see(day, limits.least_others)
        for actor in self._concerned(day, limits):
            asked = self._asked[actor]
            oldest = day.date - timedelta(limits.window_days)
            for colleague in [one for one, seen in asked.items() if seen.last_day < oldest]:
                del asked[colleague]
            if len(asked) >= limits.least_colleagues:
                first = min(one.first_day for one in asked.values())
                tickets = tuple(ticket for one in asked.values() for ticket in one.tickets)
                yield Alert(
                    Code.COLLEAGUES,
                    rule.begins,
                    actor[0],
                    first,
                    day.date,
                    len(asked),
                    tickets[:MOST_TICKETS],
                )
                # Told once; whoever goes on is told of again.
                asked.clear()

    def _concerned(self, day: Day, limits: Colleagues) -> list[Actor]:
        """Who asked about a colleague on the day."""
        since = day.date - timedelta(limits.known_days)
        concerned: dict[Actor, None] = {}
        for step in day.steps:
            if not _is_looked_at(step) or step.subject in (None, step.official):
                continue
            actor, colleague = (step.organization, step.official), step.subject
            both = (actor, (step.organization, colleague))
            if all(self._staff.works(one, since, limits.least_others) for one in both):
                assert colleague is not None
                seen = self._asked[actor].setdefault(colleague, _Asked(day.date, day.date))
                seen.last_day = day.date
                seen.tickets.append(step.ticket)
                concerned[actor] = None
        return list(concerned)

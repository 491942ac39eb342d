"""What is written down of a synthetic year."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.oversight.model import Code, Kind, Step
from tests.bench.year.institutions import Institution

BEGIN = date(2026, 1, 1)
DAYS = [BEGIN + timedelta(n) for n in range(365)]
LAST = DAYS[-1]
_BELGIUM = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Incident:
    """One case of misuse: its kind, and every exchange that is part of it, by institution."""

    kind: Code
    tickets: frozenset[UUID]
    days: frozenset[tuple[str, date]]


class Diary:
    """All steps of the year, and which are misuse."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.incidents: list[Incident] = []

    def write(
        self,
        kind: Kind,
        who: Institution,
        official: int,
        day: date,
        minute: int,
        subject: int,
        **others: bool,
    ) -> Step:
        """One step; `minute` counts from midnight. Nobody works on after the year."""
        day = min(day, LAST)
        at = datetime(day.year, day.month, day.day, minute // 60 % 24, minute % 60, tzinfo=_BELGIUM)
        ticket = UUID(int=len(self.steps) + 1)
        told = who.number_of(official)
        step = Step(at, kind, ticket, who.number, subject, told, who.purpose, **others)
        self.steps.append(step)
        return step

    def accuse(self, kind: Code, steps: list[Step]) -> None:
        """Say that these steps are one case of misuse."""
        days = frozenset((step.organization, step.at.date()) for step in steps)
        self.incidents.append(Incident(kind, frozenset(step.ticket for step in steps), days))

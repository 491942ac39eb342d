"""What is written down of a synthetic year."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.oversight.model import DECEASED, NOT_A_CLIENT, Code, Kind, Step
from tests.bench.year.institutions import Institution, age_of, is_dead

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
        **others: Any,
    ) -> Step:
        """One step; `minute` counts from midnight. Nobody works on after the year."""
        told = who.number_of(official)
        return self.write_as(told, kind, who, day, minute, subject, **others)

    def write_as(
        self,
        told: int | None,
        kind: Kind,
        who: Institution,
        day: date,
        minute: int,
        subject: int,
        **others: Any,
    ) -> Step:
        """The same, by whom the institution tells. Of the dead nothing is answered, and most
        ordinary refusals are because there is no file."""
        day = min(day, LAST)
        at = datetime(day.year, day.month, day.day, minute // 60 % 24, minute % 60, tzinfo=_BELGIUM)
        number = len(self.steps) + 1
        if kind is Kind.LOOK and is_dead(subject) and "is_line" not in others:
            others |= {"is_permitted": False, "reason": DECEASED}
        elif not others.get("is_permitted", True):
            others = {"reason": NOT_A_CLIENT if number % 5 < 3 else "NOT_IN_FORCE"} | others
        step = Step(
            at,
            kind,
            UUID(int=number),
            who.number,
            subject,
            told,
            who.purpose,
            age=age_of(subject),
            **others,
        )
        self.steps.append(step)
        return step

    def accuse(self, kind: Code, steps: list[Step]) -> None:
        """Say that these steps are one case of misuse."""
        days = frozenset((step.organization, step.at.date()) for step in steps)
        self.incidents.append(Incident(kind, frozenset(step.ticket for step in steps), days))

"""The rules of oversight: each sees one day after another, every day once, and keeps no person."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from services.audit.oversight.model import Alert, Day
from services.audit.oversight.model.thresholds import Estimates, Rulebook
from services.audit.oversight.rules.ages import DeceasedOrMinor
from services.audit.oversight.rules.asking import AskedByMany
from services.audit.oversight.rules.hours import OffHours
from services.audit.oversight.rules.registering import RegisterLookUnregister
from services.audit.oversight.rules.returning import Returns
from services.audit.oversight.rules.searching import SearchWithoutFollowUp
from services.audit.oversight.rules.staff import AboutColleagues, AboutOneself
from services.audit.oversight.rules.volume import AboveEstimate


class Detector(Protocol):
    """Looks for one kind of misuse."""

    def see(self, day: Day) -> Iterable[Alert]:
        """What is found out with this day."""


def detectors(rules: Rulebook, estimates: Estimates) -> list[Detector]:
    """One for each rule."""
    return [
        RegisterLookUnregister(rules.registering),
        SearchWithoutFollowUp(rules.searching),
        AskedByMany(rules.asking),
        OffHours(rules.hours),
        AboveEstimate(rules.volume, estimates),
        AboutOneself(rules.own_number),
        AboutColleagues(rules.colleagues),
        Returns(rules.returning),
        DeceasedOrMinor(rules.ages),
    ]


def alerts(days: Iterable[Day], looking: Sequence[Detector]) -> Iterator[Alert]:
    """What is found in some days that follow each other."""
    for day in days:
        for one in looking:
            yield from one.see(day)


def within(found: Iterable[Alert], first: date, end: date) -> list[Alert]:
    """Those of a period: what was found in the days around it is for other runs to tell."""
    return [one for one in found if first <= one.last_day < end]

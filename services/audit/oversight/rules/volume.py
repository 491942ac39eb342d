"""Asking more than was estimated when the institution was admitted."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Alert, Code, Day
from services.audit.oversight.model.thresholds import Estimates, Purpose, Rules, Volume

CODE = Code.ABOVE_ESTIMATE


class AboveEstimate:
    """Counts by the purpose and the hour; a single hour above is a Monday morning.

    Without an estimate it is silent.
    """

    def __init__(self, versions: Rules[Volume], estimates: Estimates) -> None:
        self._versions = versions
        self._estimates = estimates

    def see(self, day: Day) -> Iterator[Alert]:
        """The institutions of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        asked: dict[Purpose, dict[int, dict[UUID, None]]] = defaultdict(lambda: defaultdict(dict))
        for step in day.steps:
            purpose = (step.organization, step.legal_context)
            if step.is_asked_alone and purpose in self._estimates:
                asked[purpose][step.at.hour][step.ticket] = None
        for purpose, hours in asked.items():
            most = self._estimates[purpose] * rule.thresholds.times
            above = [tickets for tickets in hours.values() if len(tickets) > most]
            if len(above) >= rule.thresholds.least_hours:
                count = sum(map(len, above))
                tickets = tuple(ticket for hour in above for ticket in hour)[:MOST_TICKETS]
                yield Alert(CODE, rule.begins, purpose[0], day.date, day.date, count, tickets)

"""A person asked about by many organizations on one day: somebody is in the news."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from services.audit.oversight.model import MOST_TICKETS, Alert, Code, Day, Kind
from services.audit.oversight.model.thresholds import Asking, Rules

CODE = Code.ASKED_BY_MANY


class AskedByMany:
    """Tells each of the organizations, with its own questions only.

    Searches do not count, as they find namesakes; nor do batches, in which everybody is.
    """

    def __init__(self, versions: Rules[Asking]) -> None:
        self._versions = versions

    def see(self, day: Day) -> Iterator[Alert]:
        """The persons of the day."""
        rule = self._versions.find(day.date)
        if rule is None:
            return
        asked: dict[int, dict[str, dict[UUID, None]]] = defaultdict(lambda: defaultdict(dict))
        for step in day.steps:
            if step.is_asked_alone and step.kind is Kind.LOOK and step.subject is not None:
                asked[step.subject][step.organization][step.ticket] = None
        for by in asked.values():
            known = by.keys() - {""}
            if len(known) < rule.thresholds.least_organizations:
                continue
            for organization in sorted(known):
                tickets = tuple(by[organization])[:MOST_TICKETS]
                yield Alert(
                    CODE, rule.begins, organization, day.date, day.date, len(known), tickets
                )

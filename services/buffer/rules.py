"""Which statuses apply, given facts. Source: the official list of harmonized social statuses; the
definitions are data (data/statuses.yaml)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.buffer.model import (
    AskedStatus,
    Definitions,
    Fact,
    Question,
    StatusResult,
    Verdict,
)
from services.concepts.period import Period
from services.concepts.status import status


def decide(
    question: Question, facts: Sequence[Fact], definitions: Definitions, today: date
) -> tuple[StatusResult, ...]:
    """What comes of each status asked, in order; of all that are defined when none is named."""
    asked = question.statuses or tuple(AskedStatus(name) for name in sorted(definitions))
    live = [fact for fact in facts if today <= fact.expires_on]
    return tuple(_decide(one, question.period, live, definitions) for one in asked)


def _decide(
    asked: AskedStatus, period: Period, live: Iterable[Fact], definitions: Definitions
) -> StatusResult:
    definition = definitions.get(asked.name)
    if definition is None:
        return _undecided(asked, "name", "is no status in force")
    if asked.is_bounded:
        # Residence and age are not among the facts yet; to guess them would be to grant blindly.
        return _undecided(asked, "bounds", "cannot be decided by this source")
    periods = merged(
        fact.period
        for fact in live
        if fact.fact_type in definition.any_of and fact.period.overlaps(period)
    )
    verdict = Verdict.APPLIES if periods else Verdict.DOES_NOT_APPLY
    return StatusResult(asked.name, verdict, periods)


def _undecided(asked: AskedStatus, field: str, description: str) -> StatusResult:
    facts = ("fieldName", field), ("fieldValue", description)
    return StatusResult(asked.name, Verdict.UNDECIDED, status=status("MSG00008", *facts))


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in as few periods as there can be, in order."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda one: one.begin):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and period.begin > last.end + timedelta(days=1)):
            joined.append(period)
        elif last.end is not None and (period.end is None or period.end > last.end):
            joined[-1] = Period(last.begin, period.end)
    return tuple(joined)

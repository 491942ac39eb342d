"""Which statuses apply, given facts, and what a person is told of the facts on him.

Source: the official list of harmonized social statuses; the definitions are data
(data/statuses.yaml)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from services.buffer.model import (
    AskedStatus,
    Definitions,
    Fact,
    FactPosition,
    FedFact,
    Question,
    StatusResult,
    Verdict,
)
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.concepts.status import status


def usable(facts: Iterable[Fact], day: date) -> list[Fact]:
    """The facts that may be used on a day."""
    return [fact for fact in facts if day <= fact.expires_on]


def decide(
    question: Question, facts: Sequence[Fact], definitions: Definitions
) -> tuple[StatusResult, ...]:
    """What comes of each status asked, in order, given what may be used; of all that are defined
    when none is named."""
    asked = question.statuses or tuple(AskedStatus(name) for name in sorted(definitions))
    return tuple(_decide(one, question.period, facts, definitions) for one in asked)


def _decide(
    asked: AskedStatus, period: Period, facts: Iterable[Fact], definitions: Definitions
) -> StatusResult:
    definition = definitions.get(asked.name)
    if definition is None:
        return _undecided(asked, "name", "is no status in force")
    if asked.is_bounded:
        # Residence and age are not among the facts yet; to guess them would be to grant blindly.
        return _undecided(asked, "bounds", "cannot be decided by this source")
    periods = merge_periods(
        fact.period
        for fact in facts
        if fact.fact_type in definition.any_of and fact.period.overlaps(period)
    )
    verdict = Verdict.APPLIES if periods else Verdict.DOES_NOT_APPLY
    return StatusResult(asked.name, verdict, periods)


def _undecided(asked: AskedStatus, field: str, description: str) -> StatusResult:
    facts = ("fieldName", field), ("fieldValue", description)
    return StatusResult(asked.name, Verdict.UNDECIDED, status=status("MSG00008", *facts))


def merge_periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in as few periods as there can be, in order."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda one: one.begin):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and period.begin > last.end + timedelta(days=1)):
            joined.append(period)
        elif last.end is not None and (period.end is None or period.end > last.end):
            joined[-1] = Period(last.begin, period.end)
    return tuple(joined)


def position(one: FedFact) -> FactPosition:
    """Where a fact stands among a person's."""
    fact, place = one.fact, one.fact.supplier
    return (
        one.person.number,
        place.sector,
        place.institution,
        fact.fact_type,
        fact.period.begin.isoformat(),
    )


def page(
    known: Mapping[Ssin, Sequence[Fact]], after: FactPosition | None, most: int
) -> tuple[list[FedFact], FactPosition | None]:
    """A page of facts, and after which one the next page begins."""
    every = [FedFact(person, fact) for person, facts in known.items() for fact in facts]
    rest = sorted((one for one in every if after is None or position(one) > after), key=position)
    shown = rest[:most]
    return shown, position(shown[-1]) if len(rest) > most else None

"""What a draft would change: questions that were really asked, decided without it and with it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from services.access.model import (
    Asked,
    Change,
    Changed,
    Comparison,
    Decision,
    Deliberation,
    Granted,
    Question,
    Standing,
)
from services.access.rules.decisions import decide
from services.access.rules.snapshots import Snapshot
from services.concepts.period import Period


def in_force(draft: Deliberation) -> Deliberation:
    """The draft as it would be once it is enacted."""
    return replace(draft, standing=Standing.IN_FORCE, enacted=True)


def compare(
    sample: Iterable[Asked], without: Snapshot, including: Snapshot, day: date
) -> Comparison:
    """Every question asked as on a day, its days moved along with it."""
    changed: list[Changed] = []
    exchanges = 0
    for asked in sample:
        exchanges += asked.times
        question = _moved(asked.question, day - asked.day)
        before, after = decide(question, without, day), decide(question, including, day)
        change = _change(before, after)
        if change is not None:
            changed.append(Changed(asked, change, before, after))
    changed.sort(key=lambda one: -one.asked.times)
    return Comparison(day, exchanges, changed)


def _change(before: Decision, after: Decision) -> Change | None:
    match isinstance(before, Granted), isinstance(after, Granted):
        case False, True:
            return Change.NEWLY_ALLOWED
        case True, False:
            return Change.NEWLY_REFUSED
        case True, True if _obligations(before) != _obligations(after):
            return Change.OBLIGATIONS
    return None


def _obligations(decision: Decision) -> Decision:
    # That another version grants the same is no change for who asks.
    if isinstance(decision, Granted):
        return replace(decision, act=replace(decision.act, version=0))
    return decision


def _moved(question: Question, by: timedelta) -> Question:
    period = question.period
    end = period.end
    return replace(question, period=Period(period.begin + by, None if end is None else end + by))

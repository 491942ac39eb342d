"""Policy tests: what a jurist expects of the deliberations, against what they do.

An expectation names who asks for what, for which purpose, and whether that must be covered. It says
why in words, for a test that nobody understands is deleted by the next who finds it in the way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.access.model import EVERYTHING, Decision, Granted, Question, Reason
from services.access.rules.decisions import decide
from services.access.rules.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Expectation:
    """One question with the outcome that the law asks for."""

    question: Question
    day: date
    refused: Reason | None
    """Absent if it must be granted."""
    fields: Sequence[str]
    """Paths that must be granted."""
    never: Sequence[str]
    """Paths of which nothing may be granted."""
    why: str


@dataclass(frozen=True, slots=True)
class Disappointment:
    """An expectation that the deliberations do not meet, by its place in the list, and how."""

    index: int
    said: str


def disappointments(
    expectations: Iterable[Expectation], snapshot: Snapshot
) -> Iterator[Disappointment]:
    """Every expectation that is not met."""
    for index, one in enumerate(expectations):
        for said in _unmet(one, decide(one.question, snapshot, one.day)):
            yield Disappointment(index, said)


def _unmet(one: Expectation, decision: Decision) -> Iterator[str]:
    found = None if isinstance(decision, Granted) else decision.because
    if found is not one.refused:
        yield f"is {_outcome(found)}, must be {_outcome(one.refused)}"
    elif isinstance(decision, Granted):
        for path in one.fields:
            if not any(_covers(granted, path) for granted in decision.fields):
                yield f"{path} is cut, must be granted"
        for path in one.never:
            if any(_covers(granted, path) or _covers(path, granted) for granted in decision.fields):
                yield f"something of {path} is granted, must be cut"


def _covers(granted: str, path: str) -> bool:
    return granted == EVERYTHING or path == granted or path.startswith(f"{granted}.")


def _outcome(reason: Reason | None) -> str:
    return "granted" if reason is None else f"refused ({reason.name})"

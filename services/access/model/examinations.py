"""What an examination of decisions finds: reasons, changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from services.access.model.acts import Deliberation
from services.access.model.decisions import Decision, Question, Reason


@dataclass(frozen=True, slots=True)
class Criteria:
    """Criteria of a question as they travel: the full name of their message, and its bytes."""

    type_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Tried:
    """How one rule went: whether it holds, where the deliberation speaks of it, what it says
    there, and what would have to be true."""

    rule: Reason
    holds: bool
    article: str
    found: str
    needed: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, the rules that led to it, the act that decided, and the set it was taken on."""

    decision: Decision
    tried: Sequence[Tried]
    act: Deliberation | None
    snapshot_version: str


class Change(Enum):
    """What becomes of a question under a draft."""

    NEWLY_ALLOWED = "NEWLY_ALLOWED"
    NEWLY_REFUSED = "NEWLY_REFUSED"
    OBLIGATIONS = "OBLIGATIONS"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was really asked: on which day, and how often."""

    question: Question
    day: date
    times: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that a draft decides differently."""

    asked: Asked
    change: Change
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a draft would change, as on a day; `exchanges` counts the whole sample."""

    day: date
    exchanges: int
    changed: Sequence[Changed]

    def times(self, change: Change) -> int:
        """How many exchanges of the sample would change in this way."""
        return sum(one.asked.times for one in self.changed if one.change is change)

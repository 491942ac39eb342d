"""What is decided about a person and a right."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from services.rights.model.nodes import Node


class Verdict(Enum):
    """What comes of a right; the zero of the contract says nothing."""

    GRANTED = 1
    REFUSED = 2
    UNDECIDED = 3
    """A source did not say what is needed: neither a grant nor a refusal."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A right of a person on a day, and why."""

    right: str
    verdict: Verdict
    version: date | None
    """From when the rule is that decided; nothing if there is none on the day."""
    begins: date | None = None
    """The first day of the grant; the law may begin later than the fact."""
    ends: date | None = None
    """The last day of the grant, as far as is known; nothing if no end is known."""
    facts: tuple[int, ...] = ()
    """Places in the columns of the facts used: enough for the verdict, and needed for it."""
    missing: tuple[str, ...] = ()
    """The sources without which nothing can be decided."""
    failed: tuple[str, ...] = ()
    """The conditions that were not met, in the words of the law file."""
    unmet: tuple[Node, ...] = ()
    """The same conditions as they stand in the plan of the day."""
    unchecked: tuple[str, ...] = ()
    """Amounts that were used after the last day on which somebody checked them."""

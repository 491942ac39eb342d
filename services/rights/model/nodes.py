"""The plan of a day: a small tree in which the law and the day are resolved to numbers.

Nodes that are equal are one: what two rights ask is worked out once. Days are days since 1970.
"""

from dataclasses import dataclass
from datetime import date

from services.rights.model.law import Rule


@dataclass(frozen=True, slots=True)
class Holds:
    """The person has one of these facts, and it serves on the day."""

    types: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    """Kinds of facts, each with the ranges in which its value counts; none: any value."""
    rule: Rule
    mask: int
    """The sources that could say so."""


@dataclass(frozen=True, slots=True)
class Born:
    """The person was born between two days, the last one included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Any:
    """One of the parts holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Members:
    """Of the household of the person on the day: one member, or each, meets the part."""

    every: bool
    scope: int
    rule: Rule
    part: "Node"
    mask: int
    """The source of the household."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The person shared a household with somebody, since a day, while a fact of his served."""

    scope: int
    since: int
    """The first day on which sharing still counts."""
    still: bool
    """Whether the fact must serve on the day itself, too."""
    facts: Holds
    mask: int


@dataclass(frozen=True, slots=True)
class Alone:
    """The household of the person on the day has one member."""

    scope: int
    rule: Rule
    mask: int


@dataclass(frozen=True, slots=True)
class Income:
    """What the household had in a year lies between a lower limit and an upper one, in cents."""

    scope: int
    rule: Rule
    type: int
    first: int
    last: int
    """The year, as its first and last day."""
    at_least: int
    below: int | None
    further: int
    """What each member after the first adds to the upper limit."""
    mask: int
    scope_mask: int


Node = Holds | Born | Any | All | Not | Members | Kept | Alone | Income


@dataclass(frozen=True, slots=True)
class Branch:
    """A version of a right that holds on the day, for those born between two days."""

    version: date
    node: Node
    born: Born | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is law on a day, right by right."""

    day: date
    rights: tuple[tuple[str, tuple[Branch, ...]], ...]

"""How values are made coarser, and what is known of how well units hide."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Hierarchy(Protocol):
    """Makes values coarser, level by level."""

    @property
    def name(self) -> str: ...

    @property
    def levels(self) -> tuple[str, ...]:
        """The finest first."""

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""

    def coarsen(self, value: str, level: str) -> str | None:
        """The class of a value; nothing if the hierarchy does not know the value."""


Hierarchies = Mapping[str, Hierarchy]


@dataclass(frozen=True, slots=True)
class Intervals:
    """Numbers by classes that follow each other; each bound begins one, the last has no end."""

    name: str
    bounds: Mapping[str, tuple[int, ...]]
    open_below: bool = False

    @property
    def levels(self) -> tuple[str, ...]:
        """The finest first."""
        return tuple(self.bounds)

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return True

    def coarsen(self, value: str, level: str) -> str | None:
        """The class of a number, as `500-999` or `95+`."""
        bounds = self.bounds[level]
        place = bisect_right(bounds, Decimal(value))
        if place == 0:
            return f"<{bounds[0]}" if self.open_below else None
        begin = bounds[place - 1]
        return f"{begin}+" if place == len(bounds) else f"{begin}-{bounds[place] - 1}"


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Codes by their first characters."""

    name: str
    levels: tuple[str, ...]
    length: int
    paths: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...] = ()
    """Where codes belong that are not named; nowhere if it is empty."""

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return False

    def coarsen(self, value: str, level: str) -> str | None:
        """The class of a code."""
        path = self.paths.get(value[: self.length], self.otherwise)
        return path[self.levels.index(level)] if path else None


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a file."""

    unit_count: int
    smallest_group: int
    """k: how many units the smallest group has; 0 if there are no units."""
    smallest_diversity: int
    """l: how few values a sensitive variable has in a group; 0 if none is sensitive."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of one variable."""

    name: str
    values_before: int
    values_after: int


@dataclass(frozen=True, slots=True)
class Report:
    """Before and after: what makes a delivery possible, and what it costs."""

    before: Measures
    """Of what the sources sent."""
    after: Measures
    """Of what is handed over."""
    suppressed: int
    """Units that are left out; they count in no group."""
    lost_per_mille: int
    """How much of the information (entropy of the variables) is gone, of 1,000."""
    losses: tuple[Loss, ...]

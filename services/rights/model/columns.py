"""What is known of persons, in columns: the same for one household and for a country.

Days are days since 1970, an open end is `FAR`. No column holds a fraction.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Whole: TypeAlias = NDArray[np.int64]
Truth: TypeAlias = NDArray[np.bool_]
Code: TypeAlias = NDArray[np.int8]

FAR = 2932896
"""31 December 9999: no end is known."""
UNKNOWN = -(2**62)
"""The value, or day of birth, that a source did not give."""
HOLDER, PARTNER, DEPENDANT, COLLECTIVE = 1, 2, 3, 20
"""Positions in a household; who is in a collective one shares it with nobody."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in the order of their kinds, then persons."""

    who: Whole
    """The place of the person among the persons."""
    type: Whole
    value: Whole
    begin: Whole
    end: Whole
    decided: Whole


@dataclass(frozen=True, slots=True)
class Memberships:
    """Who was in which household when, in the order of scopes, then persons."""

    who: Whole
    scope: Whole
    group: Whole
    """From 0, without a gap; a number stands for one household of one scope."""
    position: Whole
    begin: Whole
    end: Whole
    groups: int


@dataclass(frozen=True)
class Columns:
    """Persons with all that is known of them."""

    born: Whole
    unknown: Whole
    """A bit for each source that could not say."""
    facts: Facts
    memberships: Memberships
    spans: dict[object, object] = field(default_factory=dict)
    """What depends on no day, once worked out."""

    @property
    def persons(self) -> int:
        """How many."""
        return len(self.born)

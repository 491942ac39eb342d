"""The nouns of identification: what is kept of a number, and what it resolves to."""

from dataclasses import dataclass

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin

LONGEST_CHAIN = 10
"""How many replacements are followed; more are a mistake in the registers."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of a number. `replaced_by` is present exactly when it was replaced."""

    ssin: Ssin
    state: SsinState
    replaced_by: Ssin | None = None
    deceased_on: IncompleteDate | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a number is today. `replaced_by` is the end of the chain of replacements."""

    ssin: Ssin
    state: SsinState
    replaced_by: Ssin | None = None
    deceased_on: IncompleteDate | None = None

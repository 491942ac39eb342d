"""What identification does: it says what numbers are today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.concepts.ssin import Ssin
from services.identification.model.numbers import Person, Resolved
from services.identification.rules import numbers as rules


class Store(Protocol):
    """What is kept of numbers; load jobs write it."""

    async def ends_of(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Person]:
        """For each number that is kept, the person at the end of its chain of replacements."""


@dataclass(frozen=True)
class Identification:
    """Answers the questions of the service's RPCs."""

    store: Store
    knows_mock_numbers: bool

    async def resolve_ssins(self, ssins: Sequence[Ssin]) -> list[Resolved]:
        """What the numbers are today, in their order."""
        possible = {
            ssin
            for ssin in ssins
            if rules.can_be_a_person(ssin, knows_mock_numbers=self.knows_mock_numbers)
        }
        ends = await self.store.ends_of(possible)
        return [rules.resolve(ssin, ends.get(ssin)) for ssin in ssins]

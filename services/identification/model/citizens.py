"""A citizen who asks what the registers keep about him, and what he is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.concepts.card_number import CardNumber
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.concepts.text import Text
from services.identification.model.numbers import Person
from services.identification.model.persons import Group, Version


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A number of a person, and at whose request it was made if it was made here."""

    person: Person
    created_by: EnterpriseNumber | None
    created_at: datetime | None
    legal_context: str = ""
    """For which purpose."""


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """What is or was known of a group, and the number that it is kept on."""

    person: Ssin
    version: Version


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card of a person."""

    number: CardNumber
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """All that is kept about a person."""

    numbers: Sequence[HeldNumber]
    cards: Sequence[HeldCard]
    versions: Sequence[HeldVersion]


DatumPosition = tuple[int, int, int, str]
"""Where a datum stands among a person's: number, group, first day, since when it is known."""


Titles = dict[Group, Text]
"""What people call the groups."""

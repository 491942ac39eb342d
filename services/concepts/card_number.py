"""The number of an electronic identity card (Dutch: identiteitskaart).

Twelve digits, printed 3-7-2; the last two are the first ten modulo 97, or 97 where that is 0. Cards
of residents without Belgian nationality begin with a letter and follow another rule: not read here.

Source: National Register, information type 195.
"""

import re
from dataclasses import dataclass
from enum import Enum

from services.concepts.failures import invalid

_FORMATTING = re.compile(r"[ .\-/]")


class CardFlaw(Enum):
    """Why a text is no card number."""

    NOT_NUMERIC = "NOT_NUMERIC"
    LENGTH = "LENGTH"
    CHECK_DIGITS = "CHECK_DIGITS"


@dataclass(frozen=True, slots=True)
class CardNumber:
    """The number of a card. Exists only if valid, and never prints itself."""

    number: int

    @property
    def digits(self) -> str:
        """The number as it travels: 12 digits."""
        return f"{self.number:012d}"

    def __repr__(self) -> str:
        return "CardNumber(hidden)"

    __str__ = __repr__


def find_flaw(text: str) -> CardFlaw | None:
    """What is wrong with a text as a card number, formatting tolerated; nothing if it is one."""
    plain = _FORMATTING.sub("", text)
    if not plain or not plain.isascii() or not plain.isdigit():
        return CardFlaw.NOT_NUMERIC if plain else CardFlaw.LENGTH
    if len(plain) != 12:
        return CardFlaw.LENGTH
    if int(plain[10:]) != (int(plain[:10]) % 97 or 97):
        return CardFlaw.CHECK_DIGITS
    return None


def parse_card_number(text: str, *, field: str = "card_number") -> CardNumber:
    """The card number that a text holds, formatted or not; fails naming the field."""
    flaw = find_flaw(text)
    if flaw is not None:
        description = f"is no card number: {flaw.value}"
        raise invalid(field, description)
    return CardNumber(int(_FORMATTING.sub("", text)))

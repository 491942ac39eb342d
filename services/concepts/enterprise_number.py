"""Numbers of the Crossroads Bank for Enterprises (Dutch: KBO, French: BCE).

An enterprise number has ten digits, the first 0 or 1 (1 since 19 September 2023); an establishment
number ten, the first 2 to 8. The last two are 97 minus the first eight modulo 97.

Source: official common schema of the Crossroads Bank; Economy ministry on enterprise numbers.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from services.concepts.failures import invalid

_FORMATTING = re.compile(r"^\s*BE\s*|[ .]", re.IGNORECASE)


class CbeFlaw(Enum):
    """Why a text is no number of the Crossroads Bank for Enterprises."""

    NOT_NUMERIC = "NOT_NUMERIC"
    LENGTH = "LENGTH"
    FIRST_DIGIT = "FIRST_DIGIT"
    CHECK_DIGITS = "CHECK_DIGITS"


@dataclass(frozen=True, slots=True, order=True)
class EnterpriseNumber:
    """The number of an enterprise. Exists only if valid."""

    number: int

    @property
    def digits(self) -> str:
        """The number as it travels: 10 digits."""
        return f"{self.number:010d}"

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True, order=True)
class EstablishmentNumber:
    """The number of an establishment unit (Dutch: vestigingseenheid). Exists only if valid.

    It can move from one enterprise to another; the number of an enterprise cannot.
    """

    number: int

    @property
    def digits(self) -> str:
        """The number as it travels: 10 digits."""
        return f"{self.number:010d}"

    def __str__(self) -> str:
        return self.digits


def find_flaw(text: str, *, first_digits: str = "01") -> CbeFlaw | None:
    """What is wrong with a text as a number with such a first digit; nothing if it is one."""
    plain = _FORMATTING.sub("", text)
    if not plain or not plain.isascii() or not plain.isdigit():
        return CbeFlaw.NOT_NUMERIC if plain else CbeFlaw.LENGTH
    if len(plain) != 10:
        return CbeFlaw.LENGTH
    if plain[0] not in first_digits:
        return CbeFlaw.FIRST_DIGIT
    if int(plain[8:]) != 97 - int(plain[:8]) % 97:
        return CbeFlaw.CHECK_DIGITS
    return None


def parse_enterprise_number(text: str, *, field: str = "cbe_number") -> EnterpriseNumber:
    """The enterprise number that a text holds, formatted or not; fails naming the field."""
    # The wire form of the same few organizations comes with every exchange.
    found = _read(text) if len(text) == 10 else _read.__wrapped__(text)
    if isinstance(found, CbeFlaw):
        description = f"is no enterprise number: {found.value}"
        raise invalid(field, description)
    return found


@lru_cache(maxsize=4096)
def _read(text: str) -> EnterpriseNumber | CbeFlaw:
    return find_flaw(text) or EnterpriseNumber(int(_FORMATTING.sub("", text)))


def parse_establishment_number(
    text: str, *, field: str = "establishment_number"
) -> EstablishmentNumber:
    """The establishment number that a text holds, formatted or not; fails naming the field."""
    flaw = find_flaw(text, first_digits="2345678")
    if flaw is not None:
        description = f"is no establishment number: {flaw.value}"
        raise invalid(field, description)
    return EstablishmentNumber(int(_FORMATTING.sub("", text)))


@lru_cache(maxsize=4096)
def parse_organization_identifier(text: str) -> EnterpriseNumber | None:
    """The enterprise number in a certificate's organizationIdentifier `NTRBE-<10 digits>`.

    Nothing if it is of another form or the number is malformed. Source: ETSI EN 319 412-1, 5.1.4.
    """
    scheme, _, digits = text.partition("-")
    if scheme != "NTRBE" or not digits.isdigit() or find_flaw(digits) is not None:
        return None
    return EnterpriseNumber(int(digits))

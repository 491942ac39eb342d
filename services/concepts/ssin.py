"""The identification number of a person (Dutch: INSZ, French: NISS).

Eleven digits `YYMMDD NNN CC`. The month field tells the register: 00..12 National Register, 20..32
BIS with sex unknown, 40..52 BIS with sex known, 60..72 mock (test) numbers. The check digits are
97 minus the first nine digits modulo 97, for births from 2000 on with a 2 in front of the nine:
they are therefore also the bit that tells the century. Without a month the day field only counts,
0 to 99, since more people lack a date of birth than one day has numbers.

Source: official common schema of the Crossroads Bank (pattern), National Register (check digits).
"""

import re
from dataclasses import dataclass
from enum import Enum

from services.concepts.failures import invalid
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex

_FORMATTING = re.compile(r"[ .\-]")
_BIRTHS_FROM_2000 = 2_000_000_000


class SsinKind(Enum):
    """The register that gave the number."""

    RRN = "RRN"
    BIS_SEX_UNKNOWN = "BIS_SEX_UNKNOWN"
    BIS_SEX_KNOWN = "BIS_SEX_KNOWN"
    MOCK = "MOCK"


class SsinFlaw(Enum):
    """Why a text is no identification number."""

    NOT_NUMERIC = "NOT_NUMERIC"
    LENGTH = "LENGTH"
    CHECK_RANGE = "CHECK_RANGE"
    MONTH_RANGE = "MONTH_RANGE"
    DAY_RANGE = "DAY_RANGE"
    SEQUENCE_ZERO = "SEQUENCE_ZERO"
    CHECK_DIGITS = "CHECK_DIGITS"


_KIND_OF_MONTH = {
    month + offset: kind
    for offset, kind in zip((0, 20, 40, 60), SsinKind, strict=True)
    for month in range(13)
}


@dataclass(frozen=True, slots=True, order=True)
class Ssin:
    """A well-formed number. Exists only if valid, and never prints itself."""

    number: int

    @property
    def digits(self) -> str:
        """The number as it travels: 11 digits."""
        return f"{self.number:011d}"

    @property
    def kind(self) -> SsinKind:
        """The register that gave it, read off the month field."""
        return _KIND_OF_MONTH[self.number // 10_000_000 % 100]

    @property
    def century(self) -> int:
        """19 or 20: the first two digits of the year of birth, read off the check digits."""
        return 20 if self.number % 100 == check_digits(self.number // 100, 20) else 19

    @property
    def birth(self) -> IncompleteDate:
        """The date of birth that it was made of, as far as that was known then; no proof of it.

        Without a month the day field only counts.
        """
        year, month, day = self._date
        month %= 20
        return IncompleteDate(self.century * 100 + year, month, day if month else 0)

    @property
    def sex(self) -> Sex | None:
        """The sex that the counter's parity tells; nothing where that was not known at creation."""
        if self.kind is SsinKind.BIS_SEX_UNKNOWN or self.counter == 0:
            return None
        return Sex.MALE if self.counter % 2 else Sex.FEMALE

    @property
    def counter(self) -> int:
        """The number of the day: 1 to 999, or 0 in numbers of the BIS register."""
        return self.number // 100 % 1000

    @property
    def _date(self) -> tuple[int, int, int]:
        date = self.number // 100_000
        return date // 10_000, date // 100 % 100, date % 100

    def __repr__(self) -> str:
        return "Ssin(hidden)"

    __str__ = __repr__


def check_digits(nine: int, century: int) -> int:
    """The check digits that belong to the first nine digits, for births in 19xx or 20xx."""
    return 97 - (nine + (_BIRTHS_FROM_2000 if century == 20 else 0)) % 97


def find_flaw(text: str) -> SsinFlaw | None:
    """What is wrong with the text as a number, formatting tolerated; nothing if it is one."""
    plain = _FORMATTING.sub("", text)
    if not plain.isascii() or not plain.isdigit():
        return SsinFlaw.LENGTH if not plain else SsinFlaw.NOT_NUMERIC
    if len(plain) != 11:
        return SsinFlaw.LENGTH
    return _flaw_of(int(plain))


def _flaw_of(number: int) -> SsinFlaw | None:
    nine, check = divmod(number, 100)
    date, sequence = divmod(nine, 1000)
    kind = _KIND_OF_MONTH.get(date // 100 % 100)
    if not 1 <= check <= 97:
        return SsinFlaw.CHECK_RANGE
    if kind is None:
        return SsinFlaw.MONTH_RANGE
    if date % 100 > 31 and date // 100 % 20:
        return SsinFlaw.DAY_RANGE
    if sequence == 0 and kind is SsinKind.RRN:
        return SsinFlaw.SEQUENCE_ZERO
    if check not in (check_digits(nine, 19), check_digits(nine, 20)):
        return SsinFlaw.CHECK_DIGITS
    return None


def parse_ssin(text: str, *, field: str = "ssin") -> Ssin:
    """The number that a text holds, formatted or not; fails naming the field otherwise."""
    # The wire form comes first: no regular expression on the hot path.
    if len(text) == 11 and text.isascii() and text.isdigit():
        number, flaw = int(text), _flaw_of(int(text))
        if flaw is None:
            return Ssin(number)
    else:
        flaw = find_flaw(text)
        if flaw is None:
            return Ssin(int(_FORMATTING.sub("", text)))
    description = f"is no identification number: {flaw.value}"
    raise invalid(field, description)

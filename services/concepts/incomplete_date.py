"""Dates of the registers, which can miss their day, or their month and day.

Source: official common schema: `yyyy-mm-dd`, `yyyy-mm-00`, `yyyy-00-00`. Impossible days such as
31 November occur in real answers, so this is not a calendar date.
"""

import re
from dataclasses import dataclass

from services.concepts.failures import invalid

_SHAPE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class IncompleteDate:
    """A year, with month and day where known (0 where not)."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def parse_incomplete_date(text: str, *, field: str = "date") -> IncompleteDate:
    """The date that a text holds; fails naming the field."""
    found = _SHAPE.fullmatch(text)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
        if month <= 12 and day <= 31 and (month > 0 or day == 0) and year > 0:
            return IncompleteDate(year, month, day)
    description = "must be yyyy-mm-dd, yyyy-mm-00 or yyyy-00-00"
    raise invalid(field, description)

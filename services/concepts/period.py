"""Spans of Belgian calendar days, both ends included.

Source: official common schema, types Period and OpenPeriod.
"""

from dataclasses import dataclass
from datetime import date

from services.concepts.failures import invalid


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last day, or without end."""

    begin: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.begin:
            raise invalid("period.end_date", "must not be before begin_date")

    def covers(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.begin <= day and (self.end is None or day <= self.end)

    def contains(self, other: "Period") -> bool:
        """Whether every day of the other period lies in this one."""
        if self.end is None:
            return self.begin <= other.begin
        return self.begin <= other.begin and other.end is not None and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return (other.end is None or self.begin <= other.end) and (
            self.end is None or other.begin <= self.end
        )

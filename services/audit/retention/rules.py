"""Which months the law no longer wants kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.audit.trail.month_names import month_number
from services.concepts.dated import Versions
from services.concepts.retention import Retention


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """A month as the store has it."""

    month: int
    key_version: int | None
    wrapped: bytes | None
    frozen_for: str | None
    is_forgotten: bool


def expired_months(
    months: Sequence[KeptMonth], retentions: Versions[Retention], today: date
) -> list[KeptMonth]:
    """The months that are due to be forgotten: old enough, not frozen, not forgotten yet.

    The rule in force today governs; the month that is open is never due.
    """
    last = month_number(today.year - retentions.on(today).years, today.month) - 1
    opened = max((one.month for one in months), default=0)
    return [
        one
        for one in months
        if one.month <= last
        and one.month < opened
        and one.frozen_for is None
        and not one.is_forgotten
    ]


def kept_from(retentions: Versions[Retention], today: date) -> date:
    """The first day of which something is still kept.

    A month may be shorter than today is late in it: then a little more is kept, never less.
    """
    return date(today.year - retentions.on(today).years, today.month, min(today.day, 28))

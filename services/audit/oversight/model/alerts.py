"""Alerts of possible misuse, what officers answer, and what is counted for them by the month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from services.concepts.enterprise_number import EnterpriseNumber


class Finding(Enum):
    """What an officer found; numbered as in the contract."""

    EXPLAINED = 1
    IMPROPER = 2
    IN_INQUIRY = 3


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert as it is told."""

    alert_id: UUID
    organization: EnterpriseNumber
    code: str
    rule_of: date
    first_day: date
    last_day: date
    count: int
    tickets: tuple[UUID, ...]
    due: date
    """The last day to answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer answered, and when."""

    finding: Finding
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert, and all that was answered to it, in order."""

    sequence: int
    """The place in the order of telling; where answers are read, of the last answer."""
    told: NewAlert
    told_at: datetime
    answers: tuple[Answer, ...] = ()

    @property
    def finding(self) -> Finding | None:
        """What was found last."""
        return self.answers[-1].finding if self.answers else None

    @property
    def acknowledged_at(self) -> datetime | None:
        """When it was first answered."""
        return self.answers[0].answered_at if self.answers else None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """A page of alerts."""

    shown: Sequence[KeptAlert]
    after: int | None


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """How an institution used the network in a month, as it is kept."""

    organization: EnterpriseNumber
    month: int
    content: bytes

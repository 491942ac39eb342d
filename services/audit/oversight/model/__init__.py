"""What oversight looks at, and what it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from hashlib import sha256
from uuid import UUID, uuid5

_ALERTS = UUID("8c1d7d9e-1f6b-5a0e-9d53-6f2f6f0b6a11")
MOST_TICKETS = 50
"""How many exchanges an alert names; enough to begin an inquiry with."""


class Kind(Enum):
    """What somebody did, as far as it matters here."""

    LOOK = "look"
    SEARCH = "search"
    REGISTER = "register"
    UNREGISTER = "unregister"
    OTHER = "other"


class Code(StrEnum):
    """The rules that there are; what they say precisely is in `data/misuse.yaml`."""

    REGISTER_LOOK_UNREGISTER = "REGISTER_LOOK_UNREGISTER"
    SEARCH_WITHOUT_FOLLOW_UP = "SEARCH_WITHOUT_FOLLOW_UP"
    ASKED_BY_MANY = "ASKED_BY_MANY"
    OFF_HOURS = "OFF_HOURS"
    ABOVE_ESTIMATE = "ABOVE_ESTIMATE"
    OWN_NUMBER = "OWN_NUMBER"
    COLLEAGUES = "COLLEAGUES"
    SAME_NON_CLIENT = "SAME_NON_CLIENT"
    DECEASED_OR_MINOR = "DECEASED_OR_MINOR"


NOT_A_CLIENT = "CUSTOMER_NOT_INTEGRATED"
DECEASED = "PERSON_DECEASED"
"""Why routing refuses, as it writes that in the trail."""


@dataclass(frozen=True, slots=True)
class Step:
    """One record, as far as oversight is concerned."""

    at: datetime
    """By the clocks of Belgium."""
    kind: Kind
    ticket: UUID
    organization: str
    """The enterprise number of the customer, or of the caller where no customer was established;
    empty if neither was."""
    subject: int | None = None
    """The person, as this run numbers him."""
    official: int | None = None
    """Who asked there, as this run numbers him: an official by the same number as the person that
    he is. Nothing if it was not told."""
    legal_context: str = ""
    is_permitted: bool = True
    reason: str = ""
    persons: int = 0
    """How many persons a batch is about, in the record that heads it."""
    is_line: bool = False
    """Whether it is one person of a batch."""
    is_program: bool = False
    """Whether a program asked, not an official."""
    age: int | None = None
    """The full years of the person on that day, as far as the identification number tells."""

    @property
    def is_asked_alone(self) -> bool:
        """Whether data of a person were asked for, by somebody who wanted this one person's."""
        alone = not self.is_line and not self.persons
        return alone and self.kind in (Kind.LOOK, Kind.SEARCH)


Actor = tuple[str, int | None]
"""An organization and its official."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on a day of the Belgian calendar, in order."""

    date: date
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule found, for the officer of one institution. He knows from his own log, by the
    tickets, who did it and whom it was about; here nobody is named."""

    code: Code
    rule_of: date
    """From when on the rule held that found it."""
    organization: str
    first_day: date
    last_day: date
    count: int
    """How many of what the rule counts."""
    tickets: tuple[UUID, ...]

    @property
    def alert_id(self) -> UUID:
        """The same for the same finding, however often it is found."""
        found = "".join(sorted(ticket.hex for ticket in self.tickets))
        digest = sha256(found.encode()).hexdigest()
        parts = (self.code.value, self.organization, self.last_day.isoformat(), digest)
        return uuid5(_ALERTS, "|".join(parts))


@dataclass(frozen=True, slots=True)
class Report:
    """How an institution used the network in a month: counts, and no person."""

    organization: str
    exchanges: int
    by_legal_context: Mapping[str, int]
    refusals_by_reason: Mapping[str, int]
    off_hours: int
    searches: int
    """Those that found somebody."""
    searches_without_follow_up: int
    persons: int
    """Different persons who were asked about one by one."""
    persons_asked_at_least: Mapping[int, int]
    """How many persons were asked about so often, one by one."""
    batches: int
    persons_in_batches: int

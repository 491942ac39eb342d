"""What each rule counts, and from which number on it speaks; checked when the file is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.concepts.dated import Dated, Versions
from services.concepts.text import Text

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Days = Annotated[int, Field(ge=1, le=366)]
Share = Annotated[float, Field(ge=0, le=1)]


class Thresholds(BaseModel):
    """The numbers of a rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Registering(Thresholds):
    """Persons who were registered, looked at and unregistered soon after."""

    lived_days: Days
    """A registration that lived longer is none of these."""
    window_days: Days
    least_cases: Count
    least_share: Share
    """Of the registrations of the same official in that time."""


class Searching(Thresholds):
    """Searches after which nothing is done with who was found."""

    follow_up_days: Annotated[int, Field(ge=1, le=31)]
    least_searches: Count
    least_share: Share


class Asking(Thresholds):
    """A person about whom many organizations ask on one day."""

    least_organizations: Annotated[int, Field(ge=2, le=1_000)]


class Hours(Thresholds):
    """When it is usual to work, and how much outside of it is too much for who usually does not."""

    opens: Annotated[int, Field(ge=0, le=23)]
    closes: Annotated[int, Field(ge=1, le=24)]
    holidays: tuple[tuple[int, int], ...]
    """Month and day."""
    after_easter: tuple[int, ...]
    """Holidays that move: so many days after Easter."""
    least_exchanges: Count
    habit_days: Days
    usual_share: Share
    """An institution whose share was larger lately works at such hours."""

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        for month, day in self.holidays:
            date(2024, month, day)
        return self


class Volume(Thresholds):
    """More than was estimated when the institution was admitted."""

    times: Annotated[float, Field(ge=1, le=100)]
    least_hours: Annotated[int, Field(ge=1, le=24)]


class OwnNumber(Thresholds):
    """Officials who ask about themselves."""

    known_days: Days
    least_others: Count
    """Whoever asked about fewer others in that time is no official: citizens ask about themselves
    at a portal of the institution."""
    least_exchanges: Count


class Colleagues(Thresholds):
    """Officials who ask about those with whom they work."""

    known_days: Days
    least_others: Count
    """As above: whoever asks about so many is a colleague."""
    window_days: Days
    least_colleagues: Count


class Returning(Thresholds):
    """Officials who ask about the same person who is no client, again and again."""

    window_days: Days
    least_exchanges: Count
    least_days: Count
    """On so many different days."""


class Ages(Thresholds):
    """Questions about who has died, or about minors of whom the institution has no file."""

    majority: Annotated[int, Field(ge=1, le=150)]
    """From this age on nobody is a minor."""
    window_days: Days
    least_persons: Count
    least_share: Share
    """Of what the same official asked in that time."""


T = TypeVar("T", bound=Thresholds)


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A rule as it holds from a day on."""

    begins: date
    source: str
    explanation: Text
    thresholds: T
    ends: date | None = None


Rules = Versions[Rule[T]]
"""One rule through the years."""


class AnswerTerm(Dated):
    """How long an officer has to answer, before others are told."""

    days: Days


def _longest(rules: Rules[T], of: str) -> int:
    """The largest that a number of the rule ever was."""
    return max(int(getattr(one.thresholds, of)) for one in rules)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, and from how many questions on a report counts a person as much asked."""

    registering: Rules[Registering]
    searching: Rules[Searching]
    asking: Rules[Asking]
    hours: Rules[Hours]
    volume: Rules[Volume]
    own_number: Rules[OwnNumber]
    colleagues: Rules[Colleagues]
    returning: Rules[Returning]
    ages: Rules[Ages]
    asked_at_least: tuple[int, ...]
    answers: Versions[AnswerTerm]

    def due(self, told_on: date) -> date:
        """The last day to answer what is told on a day."""
        held = self.answers.find(told_on)
        return told_on + timedelta(held.days if held else 0)

    @property
    def days_before(self) -> int:
        """How many days before a period must be seen to judge its first."""
        cases = _longest(self.registering, "lived_days") + _longest(self.registering, "window_days")
        known = _longest(self.colleagues, "known_days") + _longest(self.colleagues, "window_days")
        return max(
            cases,
            known,
            _longest(self.hours, "habit_days"),
            _longest(self.own_number, "known_days"),
            _longest(self.returning, "window_days"),
            _longest(self.ages, "window_days"),
        )

    @property
    def days_after(self) -> int:
        """How many days after a period must be seen to judge its last."""
        return _longest(self.searching, "follow_up_days") + 1


Purpose = tuple[str, str]
"""The enterprise number of an institution, and a legal context."""
Estimates = Mapping[Purpose, int]
"""The exchanges an hour that were estimated when an institution was admitted."""

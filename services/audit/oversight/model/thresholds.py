"""What each rule counts, and from which number on it speaks; checked when the file is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class Versions(Generic[T]):
    """One rule through the years."""

    def __init__(self, rules: Sequence[Rule[T]]) -> None:
        self._rules = sorted(rules, key=lambda one: one.begins)

    def on(self, day: date) -> Rule[T] | None:
        """The rule that holds on a day."""
        held = [one for one in self._rules if one.begins <= day]
        return held[-1] if held else None

    def longest(self, of: str) -> int:
        """The largest that a number of the rule ever was."""
        return max(int(getattr(one.thresholds, of)) for one in self._rules)


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """How long an officer has to answer, before others are told."""

    begins: date
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, and from how many questions on a report counts a person as much asked."""

    registering: Versions[Registering]
    searching: Versions[Searching]
    asking: Versions[Asking]
    hours: Versions[Hours]
    volume: Versions[Volume]
    own_number: Versions[OwnNumber]
    colleagues: Versions[Colleagues]
    returning: Versions[Returning]
    ages: Versions[Ages]
    asked_at_least: tuple[int, ...]
    answers: tuple[AnswerTerm, ...]

    def due(self, told_on: date) -> date:
        """The last day to answer what is told on a day."""
        held = [one for one in self.answers if one.begins <= told_on]
        return told_on + timedelta(max(held, key=lambda one: one.begins).days if held else 0)

    @property
    def days_before(self) -> int:
        """How many days before a period must be seen to judge its first."""
        cases = self.registering.longest("lived_days") + self.registering.longest("window_days")
        known = self.colleagues.longest("known_days") + self.colleagues.longest("window_days")
        return max(
            cases,
            known,
            self.hours.longest("habit_days"),
            self.own_number.longest("known_days"),
            self.returning.longest("window_days"),
            self.ages.longest("window_days"),
        )

    @property
    def days_after(self) -> int:
        """How many days after a period must be seen to judge its last."""
        return self.searching.longest("follow_up_days") + 1


Purpose = tuple[str, str]
"""The enterprise number of an institution, and a legal context."""
Estimates = Mapping[Purpose, int]
"""The exchanges an hour that were estimated when an institution was admitted."""

"""The law as it is written: facts, statuses, amounts and rights, frozen.

Amounts and incomes are whole cents, scores are points, categories are whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.concepts.dated import Versions
from services.concepts.organization import SectorInstitution
from services.concepts.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """Who establishes facts."""

    name: str
    bit: int
    """Its place in the mask of those that could not say."""
    fed_by: tuple[SectorInstitution, ...]
    """From which places its facts are fed; none if nobody feeds them. Where there are several, one
    of them is competent for a person, and which is not known here."""
    title: Text


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: `code` in columns, from whom, and what its value is."""

    name: str
    code: int
    source: str
    value: str
    """`none`, `cents`, `points`, `category` or `postal_code`."""
    title: Text


@dataclass(frozen=True, slots=True)
class Scope:
    """Which persons make one household (Dutch: gezinsbegrip), and who says so."""

    name: str
    code: int
    source: str
    title: Text


@dataclass(frozen=True, slots=True)
class Part:
    """A fact that makes a status: any such fact, or one whose value lies between bounds."""

    fact: str
    ranges: tuple[tuple[int, int], ...] = ()
    """First and last value of each range; none means any value."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a person (Dutch: sociaal statuut): the facts any of which make it."""

    name: str
    parts: tuple[Part, ...]
    title: Text
    source: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of the law from a day on, in cents, until the next."""

    begins: date
    ends: date | None
    cents: int


@dataclass(frozen=True, slots=True)
class Series:
    """An amount through the years."""

    name: str
    amounts: Versions[Amount]
    checked_until: date
    """The last day for which somebody looked whether the last amount still holds."""
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """When something counts: on which days a test holds, and for how long it then serves."""

    test: str = "AT"
    times: int = 0
    """Months or other units of the test."""
    grants: str = "WHILE_TRUE"
    years: int = 0
    """Units of the grant."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `kind` says which fields have a meaning."""

    kind: str
    parts: tuple["Condition", ...] = ()
    """Of `any_of`, `all_of`, `not`; and what the members of `any_member`, `every_member` meet."""
    statuses: tuple[str, ...] = ()
    when: Rule = Rule()
    scope: str = ""
    at: Rule = Rule()
    kept: Rule | None = None
    """How long who once shared the household keeps what it gave; nothing if only while sharing."""
    from_age: int | None = None
    under_age: int | None = None
    month_of_age: int | None = None
    fact: str = ""
    of_year: int = 0
    below: str = ""
    at_least: str = ""
    further: str = ""
    """The series that each further member adds."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """What the right gives, as far as the law says it in a number."""

    percent: int | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class RightVersion:
    """What the law says of a right during a period, to those born in another."""

    begins: date
    ends: date | None
    condition: Condition
    source: str
    born_from: date | None = None
    born_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is law on a day, for somebody."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Right:
    """A right with its whole history (Dutch: recht)."""

    name: str
    title: Text
    explanation: Text
    body: str
    """Who grants it."""
    deliberation: str
    facts: frozenset[str]
    """The kinds of facts that the deliberation of the body lists."""
    benefit: Benefit
    versions: tuple[RightVersion, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Law:
    """All of it."""

    sources: Mapping[str, Source]
    facts: Mapping[str, FactKind]
    scopes: Mapping[str, Scope]
    statuses: Mapping[str, Status]
    series: Mapping[str, Series]
    rights: Mapping[str, Right]

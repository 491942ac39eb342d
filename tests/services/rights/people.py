"""Persons as a story tells them, and as random numbers make them; given to engine and oracle."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from services.rights.definitions import shipped_law
from services.rights.model.columns import FAR, UNKNOWN
from services.rights.rules.calendar import number
from services.rights.rules.gather import GivenFact, GivenMembership, columns

FOREVER = date.max
EDGES = [
    date(2022, 12, 31),
    date(2023, 1, 1),
    date(2023, 2, 28),
    date(2023, 3, 31),
    date(2023, 6, 30),
    date(2023, 7, 1),
    date(2023, 10, 1),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 1, 31),
    date(2024, 2, 1),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2024, 3, 31),
    date(2024, 4, 1),
    date(2024, 5, 31),
    date(2024, 6, 1),
    date(2024, 9, 30),
    date(2024, 12, 31),
    date(2025, 1, 1),
]


@dataclass(frozen=True)
class Fact:
    kind: str
    begin: date
    end: date = FOREVER
    value: int | None = 0
    decided: date | None = None


@dataclass(frozen=True)
class Home:
    scope: str
    group: int
    begin: date
    end: date = FOREVER
    position: int = 1
    of: int = 0
    """The person, so that no two homes are equal."""


@dataclass(frozen=True)
class Person:
    number: int
    born: date | None
    facts: tuple[Fact, ...] = ()
    homes: tuple[Home, ...] = ()
    unknown: frozenset[str] = field(default_factory=frozenset)

    def with_only(self, *facts: Fact) -> "Person":
        """The same person with these facts, and nothing else."""
        return replace(self, facts=facts)

    def without_facts(self) -> "Person":
        """The same person, of whom nothing is known."""
        return replace(self, facts=())


def gathered(persons, law=None):
    """The columns of persons; a person's place is its place in the list."""
    law = law or shipped_law()
    masks = {
        at: sum(law.sources[name].bit for name in one.unknown) for at, one in enumerate(persons)
    }
    facts = [
        GivenFact(
            at,
            law.facts[fact.kind].code,
            number(fact.begin),
            _day(fact.end),
            UNKNOWN if fact.decided is None else number(fact.decided),
            UNKNOWN if fact.value is None else fact.value,
        )
        for at, one in enumerate(persons)
        for fact in one.facts
    ]
    homes = [
        GivenMembership(
            at,
            law.scopes[home.scope].code,
            home.group,
            number(home.begin),
            _day(home.end),
            home.position,
        )
        for at, one in enumerate(persons)
        for home in one.homes
    ]
    born = [UNKNOWN if one.born is None else number(one.born) for one in persons]
    return columns(born, masks, facts, homes)


def _day(end):
    return FAR if end == FOREVER else number(end)


def some_day(random) -> date:
    if random.random() < 0.5:
        return random.choice(EDGES)
    return date(2021, 1, 1) + timedelta(random.randrange(1500))


def _period(random) -> tuple[date, date]:
    begin = some_day(random)
    length = random.choice([0, 27, 30, 58, 60, 89, 91, 92, 120, 364, 365, 366, 700])
    return begin, FOREVER if random.random() < 0.35 else begin + timedelta(length)


def _fact(random, kind, value_of) -> Fact:
    begin, end = _period(random)
    value: Any = 0
    match value_of:
        case "points":
            value = random.randrange(2, 8)
        case "category":
            value = random.randrange(1, 4)
        case "postal_code":
            value = random.choice([1000, 1300, 1499, 1500, 1999, 2000, 4000, 9000, 9052, 9053])
    if value_of != "none" and random.random() < 0.05:
        value = None
    decided = random.choice([begin, some_day(random), begin + timedelta(40)])
    return Fact(kind, begin, end, value, None if random.random() < 0.04 else decided)


def _incomes(random, kind) -> list[Fact]:
    found = []
    for year in (2015, 2016, 2022, 2023, 2024):
        if random.random() < 0.75:
            cents = random.choice([0, 930000, 1862031, 1862032, 2755085, 2755086, 1632564, 4000000])
            begin = date(year, 1, 1)
            value = None if random.random() < 0.02 else cents
            found.append(Fact(kind, begin, date(year, 12, 31), value, begin))
    return found


def _homes(random, person, scope, groups) -> list[Home]:
    begin, found = date(2015, 1, 1), []
    while begin < date(2026, 1, 1) and random.random() < 0.97:
        end = FOREVER if random.random() < 0.6 else max(begin, some_day(random))
        position = random.choice([1, 1, 2, 3, 3, 20 if random.random() < 0.2 else 3])
        found.append(Home(scope, random.choice(groups), begin, end, position, person))
        if end == FOREVER:
            break
        begin = end + timedelta(random.choice([1, 1, 1, 2, 40]))
    return found


def country(random, households: int, first: int = 0) -> list[list[Person]]:
    """Neighbourhoods of a few persons who move between two households of each scope."""
    law = shipped_law()
    kinds = [one for one in law.facts.values() if one.value != "cents"]
    made = []
    for home in range(first, first + households):
        persons = []
        for at in range(random.randrange(1, 5)):
            identity = home * 10 + at
            facts: list[Fact] = []
            for _ in range(random.randrange(5)):
                kind = random.choice(kinds)
                facts += [_fact(random, kind.name, kind.value)]
                if random.random() < 0.4:
                    facts += [_fact(random, kind.name, kind.value)]
            if random.random() < 0.5:
                facts.append(Fact("POSTAL_CODE", date(2015, 1, 1), value=9000))
            facts += _incomes(random, "INCOME_GROSS") + _incomes(random, "INCOME_NET")
            groups = [home * 2, home * 2, home * 2 + 1]
            homes = [one for scope in law.scopes for one in _homes(random, identity, scope, groups)]
            unknown = frozenset(name for name in law.sources if random.random() < 0.03)
            born = random.choice(
                [
                    date(1950, 2, 28),
                    date(1998, 3, 1),
                    date(2003, 2, 28),
                    date(2003, 6, 1),
                    None,
                    date(2000, 2, 29),
                    date(2004, 2, 29),
                    date(1998, 1, 1),
                    date(1999, 6, 30),
                ]
            )
            persons.append(Person(identity, born, tuple(facts), tuple(homes), unknown))
        made.append(persons)
    return made

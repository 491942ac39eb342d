"""Persons of whom all is known, and what stands in for the services beside."""

from datetime import UTC, date, datetime

from sandbox.authority import Authority
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.rights.definitions import shipped_law
from services.rights.model.people import KnownFact, KnownMembership, Neighbourhoods
from services.rights.rules.decide import Decider
from services.rights.rules.telling import Teller
from services.rights.usecases import Judge
from services.rights.wording import wording

WIDOW, SON = Ssin(57631410249), Ssin(71713000318)
TODAY = date(2026, 11, 28)
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
LAW = shipped_law()
CITIZENS = Authority.founded("test citizens authority")
EVERYBODY = {place: AS_OF for one in LAW.sources.values() for place in one.fed_by}
"""Every source has told all that it has."""


def place_of(kind):
    name = LAW.facts[kind].source if kind in LAW.facts else "RRN"
    return LAW.sources[name].fed_by[0]


def fact(person, kind, begin="2020-01-01", end=None, value=None, decided=None):
    days = Period(date.fromisoformat(begin), None if end is None else date.fromisoformat(end))
    decided_on = date.fromisoformat(decided or begin)
    return KnownFact(person, kind, place_of(kind), days, AS_OF, value, decided_on)


def home(person, household=1, scope="SAME_DOMICILE", position=1, begin="2010-01-01", end=None):
    days = Period(date.fromisoformat(begin), None if end is None else date.fromisoformat(end))
    return KnownMembership(person, scope, household, position, days)


def known(*facts, homes=(), silent=None, wholes=None):
    """What is told of persons; in the households that are not named each is alone."""
    named = {(one.person, one.scope) for one in homes}
    alone = [
        home(person, 900 + at, scope)
        for at, person in enumerate((WIDOW, SON))
        for scope in LAW.scopes
        if (person, scope) not in named
    ]
    return Neighbourhoods(list(facts), [*homes, *alone], silent or {}, wholes or EVERYBODY)


PENSIONER = known(
    fact(WIDOW, "BIRTH_DATE", "1957-03-14", value=19570314),
    fact(WIDOW, "IGO", "2022-04-01"),
    fact(SON, "BIRTH_DATE", "1971-11-30", value=19711130),
    homes=[home(WIDOW), home(SON)],
)
"""A widow with an income guarantee, whose son lives with her."""
JUDGE = Judge(Decider(LAW), Teller(LAW, wording()))


def decide(neighbourhoods, person=WIDOW, right="WATER_DISCOUNT", day=TODAY):
    prepared = JUDGE.prepare(neighbourhoods, {person})
    return JUDGE.decide(prepared, person, day, [right])[0]


class FakeFacts:
    """Knows some persons."""

    def __init__(self, known):
        self.known, self.asked = known, []

    async def neighbourhoods(self, persons):
        self.asked.append(set(persons))
        return self.known


class FakeTold:
    """Keeps what was told in a list."""

    def __init__(self):
        self.told = []

    async def tell(self, told):
        self.told += [
            (one.person, one.customer, decision.right, decision.verdict.name)
            for one, decisions in told.items()
            for decision in decisions
        ]


class FakeNumbers:
    """Knows what became of numbers."""

    def __init__(self):
        self.replaced = {}

    async def current(self, person):
        return self.replaced.get(person, person)


class FakeTrail:
    """Keeps records in a list."""

    def __init__(self):
        self.records = []

    async def record(self, *entries):
        self.records += entries


def place(text):
    return SectorInstitution(*map(int, text.split(".")))

"""A person with facts, and the buffer's store in memory."""

from datetime import UTC, date, datetime

from sandbox.authority import Authority
from services.buffer.model import Fact, FedFact, Feed, FeedKey, Looked, Neighbourhoods
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin

MARC = Ssin(71713000318)
NOBODY = Ssin(99600000470)
TODAY = date(2026, 11, 24)
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
FUNDS = SectorInstitution(11, 0)
WELFARE = SectorInstitution(16, 2)
CITIZENS = Authority.founded("test citizens authority")


def fact(fact_type="BIM_HOLDER", begin="2020-01-01", end=None, **others):
    return Fact(
        others.get("supplier", FUNDS),
        fact_type,
        Period(date.fromisoformat(begin), None if end is None else date.fromisoformat(end)),
        others.get("as_of", AS_OF),
        others.get("expires_on", date(2027, 12, 31)),
        others.get("value"),
        others.get("decided_on"),
    )


class FakeStore:
    """Keeps facts in a list."""

    def __init__(self, *fed):
        self.fed = list(fed)
        self.replaced = {}
        self.memberships, self.silent, self.wholes = {}, {}, ()

    async def neighbourhoods(self, persons, today):
        known = await self.facts_of({*persons, *self.memberships}, today)
        return Neighbourhoods(known, self.memberships, self.silent, self.wholes)

    async def facts_of(self, persons, today):
        found = {}
        for one in self.fed:
            if one.person in persons and one.fact.expires_on >= today:
                found.setdefault(one.person, []).append(one.fact)
        return found

    async def look(self, after, most, today, base):
        numbers = sorted({one.person.number for one in self.fed})
        begin = -1 if after is None else after.number
        page = tuple(Ssin(number) for number in numbers if number > begin)[:most]
        on = [one for one in self.fed if one.person in page]
        usable = [one for one in on if one.fact.expires_on >= today]
        entitled = {one.person for one in usable if one.fact.fact_type not in base}
        strangers = tuple(one for one in page if one not in entitled)
        return Looked(page, strangers, len(on) - len(usable))

    async def successor_of(self, person):
        return self.replaced.get(person)

    async def feeds(self, after, most, today):
        groups = {}
        for one in self.fed:
            groups.setdefault(FeedKey(one.fact.supplier, one.fact.fact_type), []).append(one.fact)
        order = sorted(groups, key=lambda key: (key.supplier, key.fact_type))
        return [
            Feed(
                key,
                max(one.as_of for one in groups[key]),
                sum(one.expires_on >= today for one in groups[key]),
            )
            for key in order
            if after is None or (key.supplier, key.fact_type) > (after.supplier, after.fact_type)
        ][:most]


class FakeTrail:
    """Keeps readings in a list, or is away."""

    def __init__(self):
        self.readings, self.away = [], None

    async def record(self, reading):
        if self.away is not None:
            raise self.away
        self.readings.append(reading)


FED = (
    FedFact(MARC, fact()),
    FedFact(
        MARC,
        fact(
            *("RIS", "2024-01-01", "2024-06-30"),
            supplier=WELFARE,
            value=3,
            decided_on=date(2024, 1, 29),
        ),
    ),
    FedFact(MARC, fact("RIS", "2010-01-01", expires_on=date(2026, 11, 23), supplier=WELFARE)),
)

"""Households aimed at a right: a way through its conditions is met, and each day, amount, age and
member lies where the next one would say otherwise."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from services.rights.model.law import Part, RightVersion, Rule
from tests.services.rights import turns
from tests.services.rights.people import FOREVER, Fact, Home, Person
from tests.services.rights.turns import DAY

LONG_AGO = date(2000, 1, 1)
BELOW_ALL, ABOVE_ALL = -(2**50), 2**50
"""Beyond these a range has no bound."""


@dataclass
class Draft:
    """A person who is being made."""

    born: date | None = date(1970, 6, 15)
    facts: list[Fact] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    alone_in: set[str] = field(default_factory=set)

    def silent(self):
        return frozenset(self.unknown)


@dataclass(frozen=True)
class Aim:
    """What of a right a household is for."""

    version: RightVersion
    way: tuple[int, ...]
    part: Part | None
    """Which fact meets the condition at the end of the way; nothing if none does."""
    mode: str
    """`leaf`: the condition is met only just; `homes`: the household is; `both`; `value`: the value
    of the fact; `silent`: its source says nothing; `homeless`: nor who says who lives where;
    `version`: all is met, and the law begins or ends."""
    value: int = 0


def aims_of(law, right, some):
    """All that households may be for: each condition of each version, and each fact that meets it;
    of those that turn on days about so many."""
    for version in law.rights[right].versions:
        for way in ways(version.condition):
            parts = list(_parts(law, at_end(version.condition, way)))
            for part in parts:
                yield from _aims(version, way, part, max(4, some // len(parts)))


def _aims(version, way, part, some):
    scopes = [told for told in on_way(version.condition, way) if told.scope]
    modes = ["leaf", "homes", "both", "homes", "leaf"] if scopes else ["leaf"]
    for at in range(some):
        yield Aim(version, way, part, modes[at % len(modes)])
    yield from [Aim(version, way, part, "version")] * 3
    if scopes:
        yield Aim(version, way, part, "homeless")
    if part is None:
        return
    yield from [Aim(version, way, part, "silent")] * 4
    for low, high in part.ranges:
        for value in (low - 1, low, high, high + 1):
            if BELOW_ALL < value < ABOVE_ALL:
                yield from [Aim(version, way, part, "value", value)] * 3


def _parts(law, told):
    if told.kind == "has":
        yield from (part for name in told.statuses for part in law.statuses[name].parts)
    else:
        yield None


def on_way(told, way):
    """The conditions on a way, the first and the last included."""
    yield told
    for at in way:
        told = told.parts[at]
        yield told


def ways(told):
    """The ways to the conditions that have no other in them."""
    if not told.parts:
        yield ()
    for at, part in enumerate(told.parts):
        yield from ((at, *rest) for rest in ways(part))


def at_end(told, way):
    """The condition at the end of a way."""
    return at_end(told.parts[way[0]], way[1:]) if way else told


def days_for(random, law, aim):
    """The days on which a household is asked about: where the version of the aim, or an amount,
    begins or ends, or another of its time."""
    version, told = aim.version, at_end(aim.version.condition, aim.way)
    if aim.mode == "version":
        ends = [version.ends, version.ends + DAY] if version.ends else []
        return [version.begins - DAY, version.begins, *ends]
    last = version.ends or version.begins.replace(year=version.begins.year + 6)
    years = range(version.begins.year, last.year + 1)
    inside = [day for year in years for day in turns.days_of_year(year)]
    days = [random.choice([day for day in inside if version.begins <= day <= last])]
    names = filter(None, (told.below, told.at_least, told.further))
    begins = {one.begins for name in names for one in law.series[name].amounts}
    amounts = [day - shift * DAY for day in sorted(begins) for shift in (0, 1)]
    return days + [day for day in amounts if version.begins <= day <= last]


def aimed(random, law, right, aim, day, group):
    """A household for one condition of a right on a day."""
    return _Household(random, law, law.rights[right], aim, day, group).persons()


class _Household:
    def __init__(self, random, law, right, aim, day, group):
        self.random, self.law, self.right, self.day, self.group = random, law, right, day, group
        self.told, self.way, self.part, self.aimed = aim.version.condition, aim.way, aim.part, aim
        self.moving = aim.mode in ("homes", "both")
        sizes = [2, 2, 2, 3, 4] if self.moving else [1, 1, 2, 2, 3, 4]
        self.drafts = [Draft() for _ in range(random.choice(sizes))]
        self.ended = []
        self.positions = [random.choice([1] * 9 + [3])] + [
            random.choice([1, 2, 3, 3]) for _ in self.drafts[1:]
        ]

    def chance(self, part):
        return self.random.random() < part

    def persons(self):
        self.aim(self.told, self.random.choice(self.drafts), self.way)
        if at_end(self.told, self.way).kind != "income_of":
            for one in turns.conditions(self.told):
                if one.kind == "income_of" and self.chance(0.95):
                    self.enrich(one)
        if self.aimed.mode in ("leaf", "homes", "both"):
            for one in self.drafts:
                self.disturb(one)
        homes = [self.homes(at) for at in range(len(self.drafts))]
        return [
            Person(self.group * 10 + at, one.born, tuple(one.facts), tuple(home), one.silent())
            for at, (one, home) in enumerate(zip(self.drafts, homes, strict=True))
        ]

    def aim(self, told, who, way):
        """Meet a condition; what lies on the way only just or not quite, what does not surely."""
        aside = way is None
        match told.kind:
            case "any_of":
                at = self.random.randrange(len(told.parts)) if aside else way[0]
                self.aim(told.parts[at], who, None if aside else way[1:])
            case "all_of":
                for at, part in enumerate(told.parts):
                    on_way = not aside and at == way[0]
                    if on_way or self.chance(0.95):
                        self.aim(part, who, way[1:] if on_way else None)
            case "not":
                if not aside:
                    self.aim(told.parts[0], who, way[1:])
            case "has":
                self.give_by_mode(told, who, aside)
            case "age":
                who.born = self.birth(told, aside or self.aimed.mode not in ("leaf", "both"))
            case "any_member_of":
                one = self.random.choice([*self.drafts, who])
                self.aim(told.parts[0], one, None if aside else way[1:])
            case "every_member_of":
                for one in self.drafts:
                    on_way = not aside and self.chance(0.6)
                    if self.chance(0.95):
                        self.aim(told.parts[0], one, way[1:] if on_way else None)
            case "income_of":
                self.earn(told)
            case "alone_in":
                if self.chance(1 if aside else 0.3 if self.moving else 0.6):
                    who.alone_in.add(told.scope)

    def give_by_mode(self, told, who, aside):
        parts = [part for name in told.statuses for part in self.law.statuses[name].parts]
        if aside:
            # Not what the aim is about: that alone is to decide.
            parts = [one for one in parts if self.part is None or one.fact != self.part.fact]
            if parts:
                self.give_surely(self.random.choice(parts), who)
        elif self.aimed.mode in ("leaf", "both"):
            self.give(told, who)
        elif self.aimed.mode == "silent":
            who.unknown.add(self.law.facts[self.part.fact].source)
        elif self.aimed.mode == "value":
            self.give_surely(self.part, who, self.aimed.value, self.decided(told.when))
        else:
            self.give_surely(self.part, who, None, self.decided(told.when))

    def decided(self, rule):
        """A day of decision: later than it could count, where no rule asks for it."""
        matters = rule.grants == "FROM_QUARTER_OF_DECISION_TO_31_DEC"
        return LONG_AGO if matters else self.day + 400 * DAY

    def give_surely(self, part, who, value=None, decided=LONG_AGO):
        """A fact that serves for long before and after."""
        begin = self.random.choice([LONG_AGO, self.day - 800 * DAY])
        if value is None:
            value = self.random.choice(part.ranges)[0] if part.ranges else 9
        else:
            begin = LONG_AGO
        who.facts.append(Fact(part.fact, begin, value=value, decided=decided))

    def give(self, told, who):
        """A fact that makes one of the statuses, about where its rule turns."""
        part, rule = self.part, told.when
        begins, ends = turns.begins_of(rule, self.day), turns.ends_of(rule, self.day)
        begin = self.shifted(begins) if self.chance(0.6) else LONG_AGO
        later = [begin, *(one for one in map(self.shift, ends) if one >= begin)]
        end = self.random.choice(later) if self.chance(0.8 if self.moving else 0.6) else FOREVER
        self.ended += [end + DAY] * 2 if end < self.day else []
        decided = self.decided(rule)
        if self.chance(0.6):
            decided = self.random.choice([begin, self.shifted(begins)])
        fact = Fact(part.fact, begin, end, self.value(part), None if self.chance(0.04) else decided)
        if rule.test.startswith("CONSECUTIVE") and self.chance(0.5):
            who.facts += self.split(told, fact)
        else:
            who.facts.append(fact)

    def split(self, told, fact):
        """The same in two facts that touch, overlap, or leave a day or two between them."""
        last = min(fact.end, self.day + 40 * DAY)
        between = [turns.month_first(self.day, -back) for back in (0, 1, 2, 3, 4)]
        middle = self.shifted([one for one in between if fact.begin < one < last] or [last])
        again = middle + self.random.choice([0, 1, 1, 1, 2, 3]) * DAY
        parts = [part for name in told.statuses for part in self.law.statuses[name].parts]
        other = self.random.choice(parts)
        if not fact.begin <= middle <= again <= fact.end:
            return [fact]
        return [
            Fact(fact.kind, fact.begin, middle, fact.value, fact.decided),
            Fact(other.fact, again, fact.end, self.value(other), fact.decided),
        ]

    def value(self, part):
        """One that counts, or that nobody said."""
        if not part.ranges:
            values = {"points": range(8), "category": (1, 2, 3), "postal_code": (9000,)}
            kind = self.law.facts[part.fact].value
            return self.random.choice(values[kind]) if kind in values else 0
        if self.chance(0.04):
            return None
        return self.random.choice(part.ranges)[0]

    def birth(self, told, surely):
        if surely:
            age = (told.from_age or 0) + 1
            return turns.years_from(date(self.day.year - 1, 1, 1), -age)
        if self.chance(0.05):
            return None
        day = date(self.day.year, 1, 1) if told.at.test == "ON_1_JAN" else self.day
        if told.month_of_age is not None:
            month = turns.years_from(turns.month_first(day), -told.month_of_age)
            return self.shifted([month, turns.month_first(month, 1)])
        ages = [one for one in (told.from_age, told.under_age) if one is not None]
        leap = [date(day.year - age, 2, 28) + DAY for age in ages]
        born = [turns.years_from(day, -age) for age in ages]
        return self.shifted(born * 3 + leap)

    def earn(self, told):
        """Incomes that together are the limit, or a cent on either side of it."""
        year = self.day.year + told.of_year
        earners = [one for one, at in zip(self.drafts, self.positions, strict=True) if at != 3]
        heads = len(self.drafts) + self.random.choice([0, 0, 0, 0, -1, 1])
        limit = self.cents(told.below or told.at_least)
        if told.further:
            limit += (heads - 1) * self.cents(told.further)
        if self.aimed.mode in ("version", "homes"):
            limit //= 2
        left = max(limit + self.random.choice([-1, -1, 0, 0, 1]), 0)
        if not earners or self.chance(0.15):
            earners = self.drafts
        for at, one in enumerate(earners):
            share = left if at == len(earners) - 1 else self.random.randrange(left + 1)
            left -= share
            half = share // 2
            parts = [(share,)] * 9 + [(half, share - half)] * 2 + [(), (None,), (share, None)]
            for cents in self.random.choice(parts):
                begin = self.random.choice([date(year, 1, 1)] * 6 + [date(year, 12, 31)])
                one.facts.append(Fact(told.fact, begin, date(year, 12, 31), cents, begin))
            for other in (year - 1, year + 1):
                if self.chance(0.4):
                    begin = date(other, 1, 1)
                    cents = self.random.choice([0, 10**7])
                    one.facts.append(Fact(told.fact, begin, date(other, 12, 31), cents, begin))

    def enrich(self, told):
        """Incomes above every limit, so that only the other conditions decide."""
        year = self.day.year + told.of_year
        for one in self.drafts:
            first = date(year, 1, 1)
            one.facts.append(Fact(told.fact, first, date(year, 12, 31), 10**8, first))

    def cents(self, name):
        known = [one for one in self.law.series[name].amounts if one.begins <= self.day]
        return (known or list(self.law.series[name].amounts)[:1])[-1].cents

    def disturb(self, one):
        """Now and then another fact, or a source that is silent."""
        kinds = sorted(self.right.facts)
        if self.chance(0.06):
            kind = self.law.facts[self.random.choice(kinds)]
            if kind.value != "cents":
                begin = self.shifted([*turns.begins_of(Rule(), self.day), LONG_AGO])
                one.facts.append(Fact(kind.name, begin, value=self.random.randrange(8)))
        if self.chance(0.06):
            sources = {self.law.facts[name].source for name in kinds}
            sources |= {scope.source for scope in self.law.scopes.values()}
            one.unknown.add(self.random.choice(sorted(sources)))

    def homes(self, at):
        """Where a person lives: with the others, or coming and leaving if the aim says so."""
        found, moving = [], self.moving
        scopes = {one.scope: one for one in on_way(self.told, self.way) if one.scope}
        for scope in self.law.scopes:
            if scope in scopes and self.aimed.mode == "homeless":
                self.drafts[at].unknown.add(self.law.scopes[scope].source)
                continue
            group = self.group * 4
            if scope in self.drafts[at].alone_in:
                group += 2
            elif moving and self.chance(0.15):
                group += 1
            position = self.positions[at]
            if moving and self.chance(0.08):
                position = 20
            periods = [(LONG_AGO, FOREVER, group)]
            if scope in scopes and moving and self.chance(0.6):
                days = turns.days_of_household(scopes[scope].at, scopes[scope].kept, self.day)
                periods = self.moves(self.shifted(days), group)
                if self.ended and self.chance(0.6):
                    # Who comes when a fact has ended may have nothing of it.
                    periods = [(self.shifted(self.ended), FOREVER, group)]
            of = self.group * 10 + at
            found += [Home(scope, home, a, b, position, of) for a, b, home in periods if a <= b]
        return found

    def moves(self, day, group):
        """Came on a day, or left on the day before; then elsewhere, back, or nowhere known."""
        elsewhere = self.group * 4 + 3
        after = day + self.random.choice([0, 0, 1, 40]) * DAY
        back = day + timedelta(self.random.choice([1, 20, 100]))
        left = [(LONG_AGO, day - DAY, group)]
        stays = [(day, back - DAY, elsewhere), (back, FOREVER, group)]
        return self.random.choice(
            [
                left,
                [*left, (after, FOREVER, elsewhere)],
                [*left, (after, FOREVER, elsewhere)],
                [*left, *stays],
                [(day, FOREVER, group)],
                [(LONG_AGO, day - DAY, elsewhere), (after, FOREVER, group)],
            ]
        )

    def shifted(self, days):
        return self.shift(self.random.choice(days))

    def shift(self, day):
        return day + self.random.choice([-1, 0, 0, 1]) * DAY

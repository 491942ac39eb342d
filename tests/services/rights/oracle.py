"""What the law says, worked out a second time: from the files, day by day, in two worlds.

It shares no code with the service. In the pessimistic world what a source did not say is not so, in
the other it is whatever helps; where both agree it is decided. `not` changes the worlds.
"""

from datetime import date

from tests.services.rights.oracle_days import (
    DAY,
    FOREVER,
    amount,
    days,
    makes,
    number_of,
    read,
    rights,
    rule,
    serves,
    sources_of,
    tests,
    years_later,
)


class World:
    """A country as told, and whether one hopes."""

    def __init__(self, persons, hopeful):
        self.persons, self.hopeful, self.known = persons, hopeful, {}

    def other(self):
        return World(self.persons, not self.hopeful)

    def silent(self, person, sources):
        return bool(person.unknown & set(sources))

    def has(self, person, statuses, when, day):
        wanted = [statuses] if isinstance(statuses, str) else statuses
        sources = set().union(*map(sources_of, wanted))
        if self.hopeful and self.silent(person, sources):
            return True
        facts = []
        for fact in person.facts:
            said = {makes(fact, status) for status in wanted}
            unsure = fact.decided is None and rule(when)[1].startswith("FROM_QUARTER")
            sure = True in said and not unsure
            if sure or (self.hopeful and (said & {True, None})):
                facts.append(fact)
        return serves(facts, when, day)

    def homes(self, person, scope, at, day):
        """In which households a person counts on a day."""
        test, grants = rule(at)
        found = set()
        for one in person.homes:
            if one.scope == scope:
                if grants == "FROM_1_JUN_TO_31_MAY":
                    year = day.year if day.month >= 6 else day.year - 1
                    counts = tests([(one.begin, one.end)], test, date(year, 6, 1))
                else:
                    counts = tests([(one.begin, one.end)], test, day)
                if counts:
                    found.add(one)
        return found

    def members(self, home, at, day):
        """Who counts in a household on a day, each with his place in it."""
        test, grants = rule(at)
        key = home, test, grants, day
        if key not in self.known:
            self.known[key] = self._members(home, at, day)
        return self.known[key]

    def _members(self, home, at, day):
        if home.position == 20:
            return [(one, home) for one in self.persons if home in one.homes]
        return [
            (one, other)
            for one in self.persons
            for other in self.homes(one, home.scope, at, day)
            if other.group == home.group and other.position != 20
        ]

    def meets(self, person, told, day):
        if "any_of" in told:
            return any(self.meets(person, part, day) for part in told["any_of"])
        if "all_of" in told:
            return all(self.meets(person, part, day) for part in told["all_of"])
        if "not" in told:
            return not self.other().meets(person, told["not"], day)
        if "age" in told:
            return self.aged(person, told, day)
        if "any_member_of" in told:
            return self.some(person, told, day)
        if "every_member_of" in told:
            return self.each(person, told, day)
        if "income_of" in told:
            return self.earns(person, told, day)
        if "alone_in" in told:
            scope = told["alone_in"]
            if self.silent(person, [read("facts.yaml")["scopes"][scope]["source"]]):
                homes = self.homes(person, scope, told["at"], day)
                alone = [h for h in homes if len(self.members(h, told["at"], day)) == 1]
                return bool(alone) or self.hopeful
            homes = self.homes(person, scope, told["at"], day)
            return any(len(self.members(home, told["at"], day)) == 1 for home in homes)
        return self.has(person, told["has"], told["when"], day)

    def aged(self, person, told, day):
        test, _ = rule(told["at"])
        day = date(day.year, 1, 1) if test == "ON_1_JAN" else day
        if person.born is None:
            return self.hopeful
        ages = told["age"]
        if "from" in ages and years_later(person.born, ages["from"]) > day:
            return False
        if "until_month_of" in ages:
            last = years_later(person.born, ages["until_month_of"])
            if (person.born.month, person.born.day) == (2, 29):
                last = date(last.year, 2, 28)
            return (day.year, day.month) <= (last.year, last.month)
        return not ("under" in ages and years_later(person.born, ages["under"]) <= day)

    def inner(self, person, told, day):
        if "meets" in told:
            return self.meets(person, told["meets"], day)
        return self.has(person, told["has"], told["when"], day)

    def some(self, person, told, day):
        scope = told["any_member_of"]
        unknown = self.silent(person, [read("facts.yaml")["scopes"][scope]["source"]])
        if unknown and self.hopeful:
            return True
        if "kept" in told:
            return self.kept(person, told, day, unknown)
        if unknown and self.inner(person, told, day):
            return True
        return any(
            self.inner(one, told, day)
            for home in self.homes(person, scope, told["at"], day)
            for one, _ in self.members(home, told["at"], day)
        )

    def kept(self, person, told, day, unknown):
        """Whether on a day since then somebody of the household of that day had what serves."""
        if told["kept"] == "TO_31_DEC":
            first = date(day.year, 1, 1)
        else:
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            for _ in range(number_of(told["kept"])):
                first = (first - DAY).replace(day=1)
                first = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
        still = told["kept"] != "TO_31_DEC"
        scope, bearing = told["any_member_of"], []
        moves = self._moves(scope)
        for then in days(first, day):
            # Nothing of households changes but on their first days and after their last.
            if then == first or then in moves:
                mates = self._mates(person, scope, then) + ([person] if unknown else [])
                found = [self._bearing(one, told) for one in mates]
                bearing = [one for one in found if one.facts or one.unknown]
            if any(self.served(one, told, then, day, still) for one in bearing):
                return True
        return False

    def _moves(self, scope):
        homes = [one for person in self.persons for one in person.homes if one.scope == scope]
        ends = {one.end + DAY for one in homes if one.end < FOREVER}
        return ends | {one.begin for one in homes}

    def _mates(self, person, scope, day):
        return [
            one
            for home in self.homes(person, scope, "AT", day)
            for one, _ in self.members(home, "AT", day)
        ]

    def _bearing(self, one, told):
        """A person with those of his facts that may matter."""
        wanted = [told["has"]] if isinstance(told["has"], str) else told["has"]
        key = one.number, tuple(wanted)
        if key not in self.known:
            facts = (f for f in one.facts if any(makes(f, name) is not False for name in wanted))
            self.known[key] = one.with_only(*facts)
        return self.known[key]

    def served(self, one, told, then, day, still):
        """Whether one and the same fact serves on a day, and still does on another if it must."""
        if not still or rule(told["when"])[0].startswith("CONSECUTIVE"):
            return self.has(one, told["has"], told["when"], then) and (
                not still or self.has(one, told["has"], told["when"], day)
            )
        if self.hopeful and self.has(one.without_facts(), told["has"], told["when"], day):
            return True
        return any(
            self.has(one.with_only(fact), told["has"], told["when"], then)
            and self.has(one.with_only(fact), told["has"], told["when"], day)
            for fact in one.facts
        )

    def each(self, person, told, day):
        scope = told["every_member_of"]
        if self.silent(person, [read("facts.yaml")["scopes"][scope]["source"]]):
            return self.hopeful and self.inner(person, told, day)
        homes = self.homes(person, scope, told["at"], day)
        return any(
            all(self.inner(one, told, day) for one, _ in self.members(home, told["at"], day))
            for home in homes
        )

    def earns(self, person, told, day):
        facts, scopes = read("facts.yaml")["facts"], read("facts.yaml")["scopes"]
        scope = told["income_of"]
        if self.hopeful and self.silent(person, [scopes[scope]["source"]]):
            return True
        return any(
            self.household_earns(home, told, day, facts)
            for home in self.homes(person, scope, told["at"], day)
        )

    def household_earns(self, home, told, day, facts):
        source, year = facts[told["fact"]]["source"], day.year + told["of_year"]
        total, members = 0, self.members(home, told["at"], day)
        for one, other in members:
            told_of = [f for f in one.facts if f.kind == told["fact"] and f.begin.year == year]
            total += sum(f.value for f in told_of if f.value is not None)
            lacks = not told_of and other.position != 3
            lacks = lacks or any(f.value is None for f in told_of)
            if (lacks or self.silent(one, [source])) and not self.hopeful:
                return False
        if all(other.position == 3 for _, other in members) and not self.hopeful:
            return False
        limit = amount(told["below"], day)
        if "for_each_further_member" in told:
            limit += (len(members) - 1) * amount(told["for_each_further_member"], day)
        return total < limit


def verdict(persons, person, right, day):
    """granted, refused or undecided."""
    said = set()
    for hopeful in (False, True):
        world = World(persons, hopeful)
        said.add(
            any(
                world.meets(person, version["granted_if"], day)
                for version in rights()[right]["versions"]
                if version["valid_from"] <= day <= version.get("valid_until", FOREVER)
            )
        )
    return "UNDECIDED" if len(said) == 2 else "GRANTED" if said == {True} else "REFUSED"

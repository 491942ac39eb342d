"""The facts of a grant are enough for it and needed for it; periods are those of the days."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from services.rights.definitions import shipped_law
from services.rights.model.columns import UNKNOWN
from services.rights.model.decision import Verdict
from services.rights.rules.calendar import number
from services.rights.rules.decide import Decider
from services.rights.rules.gather import sort
from tests.services.rights import oracle
from tests.services.rights.aimed import aimed, aims_of, days_for
from tests.services.rights.people import Fact, Home, Person, country, gathered

DAYS = [date(2023, 5, 10), date(2024, 1, 1), date(2024, 2, 29), date(2024, 11, 15)]
AIMED = 40
"""Of each right, at most so many households that lie where it turns."""
DECIDER = Decider(shipped_law())


@pytest.fixture(scope="module")
def decided():
    chance, found = random.Random(7), []
    for home in country(chance, 90):
        columns, day = gathered(home), chance.choice(DAYS)
        person = chance.randrange(len(home))
        found.append((home, columns, day, person, DECIDER.decide(columns, person, day)))
    for right in sorted(shipped_law().rights):
        aims = list(aims_of(shipped_law(), right, 12))
        for aim in chance.sample(aims, min(AIMED, len(aims))):
            day = chance.choice(days_for(chance, shipped_law(), aim))
            home = aimed(chance, shipped_law(), right, aim, day, 10**6 + len(found))
            columns, person = gathered(home), chance.randrange(len(home))
            decisions = DECIDER.decide(columns, person, day, [right])
            found.append((home, columns, day, person, decisions))
    return found


def with_facts(columns, keep):
    """The same persons with some of the facts."""
    facts, homes = columns.facts, columns.memberships
    at = np.array(sorted(keep), np.int64)
    told = [facts.type, facts.who, facts.value, facts.begin, facts.end, facts.decided]
    lived = [homes.scope, homes.who, homes.group, homes.position, homes.begin, homes.end]
    rows = np.stack([one[at] for one in told], axis=1)
    return sort(columns.born, columns.unknown, rows, np.stack(lived, axis=1))


def again(columns, person, day, right):
    return DECIDER.decide(columns, person, day, [right])[0].verdict


def granted(decided):
    return [
        (columns, day, person, one)
        for _, columns, day, person, decisions in decided
        for one in decisions
        if one.verdict is Verdict.GRANTED
    ]


def test_the_facts_of_a_grant_are_enough_for_it(decided):
    grants = granted(decided)

    assert len(grants) > 100
    for columns, day, person, one in grants:
        assert again(with_facts(columns, one.facts), person, day, one.right) is Verdict.GRANTED


def test_without_the_facts_of_a_grant_there_is_none(decided):
    for columns, day, person, one in granted(decided):
        rest = set(range(len(columns.facts.who))) - set(one.facts)

        found = again(with_facts(columns, rest), person, day, one.right)
        assert found is not Verdict.GRANTED, (one.right, day)


def matters(columns, person, day, one, fact, chance):
    """Whether a grant hangs on a fact, when others that are named are left out as far as can be."""
    kept, others = set(one.facts), [other for other in one.facts if other != fact]
    for other in chance.sample(others, len(others)):
        rest = with_facts(columns, kept - {other})
        if again(rest, person, day, one.right) is Verdict.GRANTED:
            kept.discard(other)
    rest = with_facts(columns, kept - {fact})
    return again(rest, person, day, one.right) is not Verdict.GRANTED


def test_no_fact_is_named_that_does_not_matter(decided):
    law, chance, tried = shipped_law(), random.Random(11), 0
    # Of who is a dependant an income is not needed, but it is added. Who has two grounds for the
    # lower premium, one of which needs no other fact than the rest does, is told both.
    besides = {one.code for one in law.facts.values() if one.value == "cents"}
    besides.add(law.facts["EU_INSURED"].code)
    for columns, day, person, one in granted(decided):
        for fact in one.facts:
            if int(columns.facts.type[fact]) not in besides:
                tried += 1
                assert any(matters(columns, person, day, one, fact, chance) for _ in range(6)), (
                    one.right,
                    day,
                    fact,
                )
    assert tried > 200


def test_what_is_undecided_names_the_sources_that_decide_it(decided):
    law = shipped_law()
    undecided = 0
    for _, _, _, _, decisions in decided:
        for one in decisions:
            if one.verdict is not Verdict.UNDECIDED:
                assert one.missing == ()
                continue
            undecided += 1
            assert one.missing
            assert set(one.missing) <= law.sources.keys()
    assert undecided > 50


def test_when_nobody_is_silent_only_a_missing_tax_file_leaves_it_undecided(decided):
    law, seen = shipped_law(), 0
    for home, _, day, person, _ in decided:
        if not _is_partial(home):
            told = gathered([replace(one, unknown=frozenset()) for one in home], law)
            for found in DECIDER.decide(told, person, day):
                seen += 1
                assert set(found.missing) <= {"FPS_FINANCE"}
    assert seen > 100


def test_the_sources_that_are_named_and_no_others_would_decide_it(decided):
    law, tried = shipped_law(), 0
    for home, _, day, person, decisions in decided:
        for one in decisions:
            if one.verdict is not Verdict.UNDECIDED or _is_partial(home):
                continue
            tried += 1
            silent = frozenset().union(*(other.unknown for other in home))
            assert set(one.missing) <= silent | {"FPS_FINANCE"}, (one.right, day)
            spoken = [replace(other, unknown=other.unknown - {*one.missing}) for other in home]
            (found,) = DECIDER.decide(gathered(spoken, law), person, day, [one.right])
            assert set(found.missing) <= {"FPS_FINANCE"}, (one.right, day)
    assert tried > 50


def _is_partial(home):
    facts = [fact for one in home for fact in one.facts]
    return any(fact.value is None or fact.decided is None for fact in facts) or any(
        one.born is None for one in home
    )


def test_a_refusal_names_what_failed(decided):
    for _, _, _, _, decisions in decided:
        for one in decisions:
            if one.verdict is Verdict.REFUSED and one.version is not None:
                assert one.failed, one.right


def test_a_grant_begins_and_ends_as_the_days_say(decided):
    chance, tried = random.Random(3), 0
    for home, _, day, person, decisions in decided:
        grants = [one for one in decisions if one.verdict is Verdict.GRANTED]
        if not grants:
            continue
        one = chance.choice(grants)
        tried += 1
        days = [one.begins, one.ends or day, day]
        days += [one.begins + (day - one.begins) / 2]
        for inside in days:
            assert oracle.verdict(home, home[person], one.right, inside) == "GRANTED"
        outside = [one.begins - timedelta(1)] + ([one.ends + timedelta(1)] if one.ends else [])
        for other in outside:
            assert oracle.verdict(home, home[person], one.right, other) != "GRANTED"
    assert tried > 40


def test_asking_one_or_all_is_the_same(decided):
    """One person with his neighbours, and the same person among a country."""
    people, expected = [], []
    for home, _, day, person, decisions in decided:
        if day == DAYS[1]:
            expected.append((len(people) + person, decisions))
            people += home
    everybody = gathered(people)

    for at, decisions in expected:
        found = DECIDER.decide(everybody, at, DAYS[1], [one.right for one in decisions])
        assert [one.verdict for one in found] == [one.verdict for one in decisions]


def test_a_verdict_on_an_amount_that_nobody_looked_at_since_says_so_and_stands():
    law = shipped_law()
    last = law.series["BIM_BASE"].checked_until
    home = [Home(scope, 1, date(2000, 1, 1)) for scope in law.scopes]
    years = [
        Fact("INCOME_GROSS", date(year, 1, 1), value=100) for year in (last.year - 1, last.year)
    ]
    columns = gathered([Person(1, date(1970, 1, 1), tuple(years), tuple(home))], law)

    for day, amounts in ((last, ()), (last + timedelta(1), ("BIM_BASE", "BIM_SUPPLEMENT"))):
        found = {one.right: one for one in DECIDER.decide(columns, 0, day)}
        assert found["INCREASED_REIMBURSEMENT"].verdict is Verdict.GRANTED
        assert found["INCREASED_REIMBURSEMENT"].unchecked == amounts
        # Others answer as before.
        assert found["WATER_DISCOUNT"].unchecked == ()


def test_two_children_asked_on_one_day_may_be_under_two_versions_of_the_law():
    law = shipped_law()
    (old,) = law.rights["CHILD_SUPPLEMENT"].versions
    pivot = date(2019, 1, 1)
    # Of those born later, a total of six points is not enough any more.
    strict = replace(old.condition.parts[0], statuses=("CHILD_WITH_4_POINTS",))
    versions = (
        replace(old, born_until=pivot - timedelta(1)),
        replace(
            old,
            begins=pivot,
            born_from=pivot,
            condition=replace(old.condition, parts=(strict, *old.condition.parts[1:])),
        ),
    )
    changed = replace(law.rights["CHILD_SUPPLEMENT"], versions=versions)
    decider = Decider(replace(law, rights={"CHILD_SUPPLEMENT": changed}))
    facts = (Fact("CHILD_TOTAL", date(2020, 1, 1), value=7),)
    births = [pivot - timedelta(1), pivot, None]
    columns = gathered([Person(at, born, facts) for at, born in enumerate(births)], law)

    elder, younger, unborn = (
        decider.decide(columns, at, date(2024, 5, 1))[0] for at in range(len(births))
    )

    assert (elder.verdict, elder.version) == (Verdict.GRANTED, old.begins)
    assert (younger.verdict, younger.version) == (Verdict.REFUSED, pivot)
    # Of whom nobody knows when he was born, either may hold.
    assert (unborn.verdict, unborn.missing) == (Verdict.UNDECIDED, ("RRN",))


def test_columns_hold_no_fractions(decided):
    _, columns, day, _, _ = decided[0]

    arrays = [columns.born, columns.unknown, columns.facts.value, columns.memberships.group]
    assert {one.dtype.kind for one in arrays} == {"i"}
    assert number(day) > UNKNOWN

"""What is handed over hides everybody in company: hierarchies, suppression, the report, attacks."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.coding.errors import PlanRefused, ReleaseRefused
from services.coding.hierarchies import _File, hierarchies
from services.coding.model import (
    CodedUnit,
    Intervals,
    ReleaseRules,
    Row,
    Variable,
    VariableKind,
    VariableRole,
)
from services.coding.rules.anonymising import anonymise, refusals
from services.concepts.dated import FileRefused, parse
from services.concepts.failures import InvalidArgument
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    HANDICAPS,
    PLAN,
    STATUS,
    call,
    person,
)

CLASSES = hierarchies()
AGE, PLACE, NATIONALITY, SICK = (
    Variable(
        *(name, STATUS, "statuses.name", BANK_OF_STATUSES),
        *(kind, role, hierarchy, level),
    )
    for name, kind, role, hierarchy, level in (
        ("age", VariableKind.INTEGER, VariableRole.QUASI_IDENTIFIER, "AGE", "TEN_YEARS"),
        ("place", VariableKind.TEXT, VariableRole.QUASI_IDENTIFIER, "PLACE", "PROVINCE"),
        ("nation", VariableKind.TEXT, VariableRole.QUASI_IDENTIFIER, "NATIONALITY", "GROUP"),
        ("sick", VariableKind.TEXT, VariableRole.SENSITIVE, "", ""),
    )
)


def plan(*variables, k=2, l=1, suppressed=1000):  # noqa: E741
    return replace(PLAN, variables=variables, rules=ReleaseRules(k, l, suppressed))


def rows(*values):
    return [Row(CodedUnit(n.to_bytes(16)), told) for n, told in enumerate(values)]


@pytest.mark.parametrize(
    ("hierarchy", "value", "expected"),
    [
        ("AGE", "0", ["0-4", "0-9", "0-19"]),
        ("AGE", "59", ["55-59", "50-59", "20-59"]),
        ("AGE", "101", ["95+", "90+", "80+"]),
        ("AGE", "-1", [None, None, None]),
        ("MONTHLY_AMOUNT", "-12.50", ["<0", "<0", "<0"]),
        ("MONTHLY_AMOUNT", "999.99", ["500-999", "0-999", "0-1999"]),
        ("PLACE", "44021", ["44000", "40000", "02000"]),
        ("PLACE", "21004", ["21000", "04000", "04000"]),
        ("PLACE", "99999", [None, None, None]),
        ("NATIONALITY", "BE", ["BELGIAN", "BELGIAN"]),
        ("NATIONALITY", "PT", ["EU", "NOT_BELGIAN"]),
        ("NATIONALITY", "MA", ["OTHER", "NOT_BELGIAN"]),
    ],
)
def test_a_value_is_in_one_class_of_each_level(hierarchy, value, expected):
    one = CLASSES[hierarchy]

    assert [one.coarsen(value, level) for level in one.levels] == expected


@given(some.integers(0, 130))
def test_a_class_lies_in_one_class_of_the_next_level(age):
    one = CLASSES["AGE"]
    inside = {}
    for other in range(131):
        inside.setdefault(one.coarsen(str(other), "FIVE_YEARS"), set()).add(
            one.coarsen(str(other), "TEN_YEARS")
        )

    assert inside[one.coarsen(str(age), "FIVE_YEARS")] == {one.coarsen(str(age), "TEN_YEARS")}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("intervals: [{level: A, bounds: [0, 10, 5]}]", "overlap"),
        ("intervals: [{level: A, bounds: [0, 5]}, {level: B, bounds: [5]}]", "gap"),
        ("intervals: [{level: A, bounds: [0, 5]}, {level: B, bounds: [0, 4]}]", "cut"),
        ("prefix: 1, levels: [A, B], paths: {x: [p, q], y: [p, r]}", "overlap"),
        ("prefix: 1, levels: [A, B], paths: {x: [p]}", "gap"),
        ("prefix: 1, levels: [A], paths: {xx: [p]}", "characters"),
        ("prefix: 1", "intervals or paths"),
    ],
)
def test_a_hierarchy_with_a_gap_or_an_overlap_is_refused(written, said):
    text = (
        "{valid_from: 2026-01-01, reviewed_on: 2026-01-01, source: tests,"
        f" hierarchies: [{{name: ONE, about: tests, {written}}}]}}"
    )

    with pytest.raises(FileRefused, match=said):
        parse(text, _File, "hierarchies.yaml")


def test_ages_and_places_hide_who_was_alone():
    told = rows(
        *(("31", "44021", "BE", "flu"), ("38", "41002", "BE", "cold")),
        *(("31", "11002", "BE", "flu"), ("34", "12025", "BE", "flu")),
    )
    wanted = plan(AGE, PLACE, NATIONALITY, SICK)

    kept, report = anonymise(wanted, told, CLASSES)

    assert report.before.smallest_group == 1
    assert (report.after.smallest_group, report.suppressed) == (2, 0)
    assert {row.values for row in kept} >= {("30-39", "40000", "BELGIAN", "flu")}
    assert [(one.name, one.values_before, one.values_after) for one in report.losses] == [
        *(("age", 3, 1), ("place", 4, 2)),
        *(("nation", 1, 1), ("sick", 2, 2)),
    ]
    assert 0 < report.lost_per_mille < 1000


def test_who_is_in_too_small_a_company_is_left_out_and_counted():
    told = rows(*[("31", "flu")] * 3, *[("52", "cold")] * 2, ("77", "flu"))
    wanted = plan(AGE, SICK, k=3)

    kept, report = anonymise(wanted, told, CLASSES)

    assert {row.values for row in kept} == {("30-39", "flu")}
    assert (report.suppressed, report.after.unit_count) == (3, 3)
    # Those who are left out are no group, whatever they have in common.
    assert report.after.smallest_group == 3
    assert [*refusals(wanted, report)] == []
    assert [one.field for one in refusals(replace(wanted, rules=ReleaseRules(3, 1, 499)), report)]


def test_a_group_of_whom_everybody_knows_the_one_value_is_left_out():
    told = rows(*[("31", "flu")] * 5, *[("52", "cold"), ("53", "flu")] * 2)
    wanted = plan(AGE, SICK, k=2, l=2)

    kept, report = anonymise(wanted, told, CLASSES)

    assert {row.values[0] for row in kept} == {"50-59"}
    assert report.after.smallest_diversity == 2


def test_a_blank_is_a_group_of_its_own():
    told = rows(*[("31", "flu")] * 2, ("", "flu"))

    kept, report = anonymise(plan(AGE, SICK), told, CLASSES)

    assert (len(kept), report.suppressed) == (2, 1)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(some.integers(0, 99).map(str), some.sampled_from("abc")), max_size=60),
    some.integers(2, 5),
    some.integers(1, 3),
)
def test_whatever_is_sent_everybody_is_in_company(told, k, l):  # noqa: E741
    wanted = plan(AGE, SICK, k=k, l=l)

    kept, report = anonymise(wanted, rows(*told), CLASSES)

    groups = {}
    for row in kept:
        groups.setdefault(row.values[0], []).append(row.values[1])
    assert all(len(one) >= k and len(set(one)) >= l for one in groups.values())
    assert report.suppressed == len(told) - len(kept)
    # Nobody is left out who could have stayed.
    sent = {}
    for age, sick in told:
        sent.setdefault(CLASSES["AGE"].coarsen(age, "TEN_YEARS"), []).append(sick)
    left_out = [sent[age] for age in sent.keys() - groups.keys()]
    assert all(len(one) < k or len(set(one)) < l for one in left_out)


def test_who_knows_age_and_place_of_a_neighbour_finds_him_only_without_protection():
    told = rows(*[(str(30 + n), "44021", "BE", "flu" if n else "rare") for n in range(10)])
    wanted = plan(AGE, PLACE, NATIONALITY, SICK, k=5, l=2)

    def found(handed, age, place):
        return {row.values[3] for row in handed if row.values[:2] == (age, place)}

    kept, _ = anonymise(wanted, told, CLASSES)

    assert found(told, "30", "44021") == {"rare"}
    assert found(kept, "30-39", "40000") == {"rare", "flu"}


async def test_a_plan_names_hierarchies_and_levels_that_there_are(party):
    wrong = [
        replace(AGE, hierarchy="AGES"),
        replace(AGE, name="b", level="DECADES"),
        replace(AGE, name="c", kind=VariableKind.TEXT),
        replace(AGE, name="d", hierarchy=""),
    ]

    with pytest.raises(PlanRefused) as refused:
        await party.request(plan(*wrong))

    assert [one.field for one in refused.value.violations] == [
        *("plan.variables[0].hierarchy", "plan.variables[1].level"),
        *("plan.variables[2].kind", "plan.variables[3].level"),
    ]


async def test_a_value_that_its_hierarchy_does_not_know_is_refused_when_it_is_sent(party):
    project = await party.open(plan(PLACE))

    with pytest.raises(InvalidArgument) as refused:
        await party.send(project, {person(0): ("99999",)})

    assert [one.field for one in refused.value.violations] == ["rows[0].values[0]"]


async def test_the_report_is_handed_over_and_public_with_the_project(party):
    project = await party.open(plan(AGE, suppressed=500))
    ages = ("31", "33", "35", "88")
    await party.send(project, {person(n): (age,) for n, age in enumerate(ages)})

    released = await party.release(project)
    handed = await party.read(project)

    report = released.delivery.report
    assert (report.before.unit_count, report.after.unit_count, report.suppressed) == (4, 3, 1)
    assert [row.values for row in handed.rows] == [("30-39",)] * 3
    assert (await party.projects.get(project.project_id)).delivery.report == report


async def test_too_many_who_would_be_left_out_refuse_the_whole(party):
    project = await party.open(plan(AGE, suppressed=100))
    await party.send(project, {person(n): (age,) for n, age in enumerate(("31", "33", "88"))})

    with pytest.raises(ReleaseRefused) as refused:
        await party.release(project)

    assert [one.field for one in refused.value.violations] == ["most_suppressed_per_mille"]
    assert call().day == project.steps[0].at.date()
    assert HANDICAPS not in project.plan.sources


def test_intervals_without_an_end_below_have_no_gap():
    one = Intervals("X", {"A": (0, 10)}, open_below=True)

    assert [one.coarsen(str(n), "A") for n in (-1, 0, 9, 10)] == ["<0", "0-9", "0-9", "10+"]

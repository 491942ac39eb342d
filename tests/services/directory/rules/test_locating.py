"""Who counts as knowing a person."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.period import Period
from services.directory.model import Holdings, IntegrationCheck, Located, LocatedSource
from services.directory.rules import locating
from services.directory.rules.catalogues import catalogue_of
from tests.services.directory.examples import (
    CENTRE,
    FEDERAL,
    FEDERAL_PLACE,
    NETWORK,
    NOBODY,
    REGION,
    REGION_PLACE,
    TODAY,
    contract,
    dossier,
    organization,
    question,
    source,
    supplier,
)

KEYS = {CENTRE: 1, FEDERAL: 2, REGION: 3, NETWORK: 4}
INSIDE, OVERLAP, ACTIVE_NOW, _ = IntegrationCheck


def catalogue(**changed):
    """The catalogue of the small network; the contract with some fields changed."""
    known = [source(REGION, REGION_PLACE), source(), organization(), organization(NETWORK)]
    return catalogue_of(Holdings(KEYS, known, [contract(**changed)]))


def located(*dossiers, asked=None, **changed):
    wanted = asked or question()
    known = {wanted.person: dossiers}
    return locating.locate(wanted, catalogue(**changed), known, code_lists(), TODAY)


CHECKS = [
    # check, dossier, asked, does it count
    (INSIDE, ("2020-01-01", "2020-12-31"), ("2020-01-01", "2020-12-31"), True),
    (INSIDE, ("2020-01-01", "2020-12-31"), ("2020-01-01", "2021-01-01"), False),
    (INSIDE, ("2020-01-01", "2020-12-31"), ("2019-12-31", "2020-12-31"), False),
    (INSIDE, ("2020-01-01", "2020-12-31"), ("2020-06-01", None), False),
    (INSIDE, ("2020-01-01", None), ("2020-06-01", None), True),
    (INSIDE, ("2020-01-01", None), ("2019-06-01", None), False),
    (OVERLAP, ("2020-01-01", "2020-12-31"), ("2020-12-31", "2021-12-31"), True),
    (OVERLAP, ("2020-01-01", "2020-12-31"), ("2019-01-01", "2020-01-01"), True),
    (OVERLAP, ("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-12-31"), False),
    (OVERLAP, ("2020-01-01", "2020-12-31"), ("2019-01-01", "2019-12-31"), False),
    (OVERLAP, ("2020-01-01", None), ("2030-01-01", None), True),
    (OVERLAP, ("2020-01-01", None), ("2019-01-01", "2019-12-31"), False),
    (ACTIVE_NOW, ("2020-01-01", None), ("1990-01-01", "1990-12-31"), True),
    (ACTIVE_NOW, ("2020-01-01", "2026-11-24"), ("1990-01-01", "1990-12-31"), True),
    (ACTIVE_NOW, ("2020-01-01", "2026-11-23"), ("2020-01-01", "2020-12-31"), False),
    (ACTIVE_NOW, ("2026-11-25", None), ("2026-11-25", None), False),
]


@pytest.mark.parametrize(("check", "held", "asked", "counts"), CHECKS)
def test_a_dossier_counts_when_it_lies_as_the_check_wants_it(check, held, asked, counts):
    about = question(begin=asked[0], end=asked[1])

    found = located(
        dossier(1, begin=held[0], end=held[1]),
        dossier(2, begin=held[0], end=held[1]),
        asked=about,
        integration_check=check,
    )

    assert bool(found.customer_quality_codes) is counts
    assert bool(found.sources) is counts


days = st.dates(date(2020, 1, 1), date(2020, 3, 1))
periods = st.tuples(days, st.none() | st.integers(0, 60)).map(
    lambda drawn: Period(
        drawn[0], None if drawn[1] is None else drawn[0] + timedelta(days=drawn[1])
    )
)


@given(periods, periods, days)
def test_what_lies_inside_overlaps_and_overlapping_is_mutual(held, asked, today):
    inside = locating.satisfies(INSIDE, asked, held, today)
    overlapping = locating.satisfies(OVERLAP, asked, held, today)

    assert overlapping or not inside
    assert overlapping == locating.satisfies(OVERLAP, held, asked, today)


@given(periods, periods, days)
def test_active_now_is_overlapping_with_today(held, asked, today):
    now = locating.satisfies(ACTIVE_NOW, asked, held, today)

    assert now == locating.satisfies(OVERLAP, Period(today, today), held, today)


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_phase_below_the_minimum_does_not_count(phase, minimum):
    found = located(dossier(1, phase=phase), dossier(2, phase=phase), minimum_phase=minimum)

    assert bool(found.customer_quality_codes) is bool(found.sources) is (phase >= minimum)


@pytest.mark.parametrize(
    ("quality", "identity_data", "entitled"),
    [
        (2, False, True),
        (0, False, True),
        (902, False, False),
        (902, True, True),
        (999, False, False),
        (999, True, False),
    ],
)
def test_a_provisional_registration_is_enough_for_identity_data_only(
    quality, identity_data, entitled
):
    found = located(dossier(1, quality), identity_data=identity_data)

    assert found.customer_quality_codes == ((quality,) if entitled else ())


@pytest.mark.parametrize(
    ("quality", "holds"), [(1, True), (2, True), (3, False), (0, True), (902, False), (999, False)]
)
def test_a_source_counts_in_the_qualities_under_which_it_holds_the_data(quality, holds):
    found = located(dossier(2, quality))

    assert found.sources == ((LocatedSource(FEDERAL, (quality,)),) if holds else ())


def test_several_qualities_of_one_organization_are_told_once_and_in_order():
    found = located(
        dossier(1, 5),
        dossier(1, 2, end="2026-11-24"),
        dossier(2, 2),
        dossier(2, 1),
        dossier(1, 2, begin="2026-11-25"),
        asked=question(end=None),
    )

    assert found == Located((2, 5), (LocatedSource(FEDERAL, (1, 2)),))


def test_sources_stand_in_the_order_of_the_contract():
    both = [dossier(3, 0), dossier(2)]
    turned = (supplier(REGION_PLACE, 0), supplier())

    assert [one.cbe_number for one in located(*both).sources] == [FEDERAL, REGION]
    assert [one.cbe_number for one in located(*both, suppliers=turned).sources] == [REGION, FEDERAL]


def test_an_organization_that_stands_in_a_contract_twice_is_one_source():
    twice = (supplier(FEDERAL_PLACE, 1), supplier(FEDERAL_PLACE, 2))

    found = located(dossier(2, 1), dossier(2, 2), suppliers=twice)

    assert found.sources == (LocatedSource(FEDERAL, (1, 2)),)


def test_dossiers_of_others_are_told_to_nobody():
    assert located(dossier(4)) == Located()


@pytest.mark.parametrize(
    "asked",
    [question(contract=ContractName("OTHER", 1)), question(contract=ContractName("TRIAL", 2))],
)
def test_a_contract_that_nobody_registered_knows_nobody(asked):
    assert located(dossier(1), dossier(2), asked=asked) == Located()


def test_a_customer_that_nobody_registered_has_integrated_nobody():
    found = located(dossier(1), dossier(2), asked=question(customer=NOBODY))

    assert found == Located((), (LocatedSource(FEDERAL, (1,)),))


def test_concerned_are_the_customers_and_the_sources_and_nobody_else():
    asked = [question(), question(customer=NOBODY), question(contract=ContractName("OTHER", 1))]

    assert locating.organizations_concerned(asked, catalogue()) == {1, 2, 3}


def test_an_organization_without_an_endpoint_is_no_source():
    unreachable = organization(FEDERAL, place=FEDERAL_PLACE)

    made = catalogue_of(Holdings(KEYS, [unreachable], [contract()]))

    assert made.offers[contract().name].sources == ()


def test_a_body_without_an_endpoint_is_a_source_where_its_managing_institution_answers():
    body = organization(FEDERAL, place=FEDERAL_PLACE)
    managing = source(CENTRE, manages=(FEDERAL,), place=None)
    silent = organization(CENTRE, manages=(FEDERAL,))

    made = catalogue_of(Holdings(KEYS, [body, managing], [contract()]))
    unreached = catalogue_of(Holdings(KEYS, [body, silent], [contract()]))

    assert [one.cbe_number for one in made.offers[contract().name].sources] == [FEDERAL]
    assert unreached.offers[contract().name].sources == ()


def test_the_catalogue_is_ordered_as_it_is_listed():
    second = contract(name=ContractName("TRIAL", 2))
    other = contract(name=ContractName("A", 7))

    made = catalogue_of(Holdings(KEYS, [source(), organization()], [second, contract(), other]))

    assert list(made.organizations) == [CENTRE, FEDERAL]
    assert [str(name) for name in made.offers] == ["A/7", "TRIAL/1", "TRIAL/2"]


def test_a_period_is_not_compared_with_a_dossier_of_another_organization():
    found = located(
        dossier(1, begin="2019-01-01", end="2019-12-31"),
        dossier(2, begin="2020-01-01"),
        asked=question(begin="2019-06-01", end="2019-06-30"),
    )

    assert found == Located((1,), ())

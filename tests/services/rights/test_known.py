"""What is known of persons becomes columns; what nobody could say stays unknown, and is named."""

from dataclasses import replace
from datetime import date

import pytest

from services.rights.model.decision import Verdict
from tests.services.rights.known import (
    AS_OF,
    EVERYBODY,
    JUDGE,
    PENSIONER,
    SON,
    WIDOW,
    decide,
    fact,
    home,
    known,
    place,
)


def test_who_lives_with_somebody_who_has_a_status_has_the_right_on_the_fact_of_the_other():
    found = decide(PENSIONER, SON)

    assert found.decision.verdict is Verdict.GRANTED
    assert [(one.person, one.kind) for one in found.facts] == [(WIDOW, "IGO")]


def test_a_source_that_never_told_all_leaves_undecided_what_it_could_have_said():
    nothing = known(homes=[home(WIDOW)])
    assert decide(nothing).decision.verdict is Verdict.REFUSED

    without = {one: at for one, at in EVERYBODY.items() if one != place("16.2")}
    found = decide(replace(nothing, wholes=without)).decision

    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("PPS_SI",))


def test_a_source_that_could_not_say_of_a_neighbour_leaves_undecided_too():
    one = known(homes=[home(WIDOW), home(SON)], silent={SON: {place("5.0")}})

    found = decide(one).decision

    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("PENSIONS",))


def test_what_is_granted_already_waits_for_nobody():
    found = decide(replace(PENSIONER, wholes={place("0.0"): AS_OF}))

    assert found.decision.verdict is Verdict.GRANTED


@pytest.mark.parametrize("silent", ["16.0", "37.0", "69.1", "45.0"])
def test_of_the_allowance_for_elderly_each_of_its_four_services_must_have_said_nothing(silent):
    """One of them pays, by where the person lives: that three know nothing decides nothing."""
    nobody = known(homes=[home(WIDOW)], silent={WIDOW: {place(silent)}})

    found = decide(nobody, right="ENERGY_SOCIAL_TARIFF").decision

    assert found.verdict is Verdict.UNDECIDED
    assert "ELDERLY_AID" in found.missing


@pytest.mark.parametrize("paid_by", ["16.0", "37.0", "69.1", "45.0"])
def test_the_allowance_for_elderly_counts_from_whichever_of_its_services(paid_by):
    told = replace(fact(WIDOW, "APA_THAB"), supplier=place(paid_by))

    found = decide(known(told, homes=[home(WIDOW)]), right="ENERGY_SOCIAL_TARIFF")

    assert found.decision.verdict is Verdict.GRANTED
    assert [str(one.supplier) for one in found.facts] == [paid_by]


def test_a_household_that_contradicts_itself_decides_nothing():
    homes = [home(SON, 1), home(WIDOW, 1), home(SON, 2, begin="2020-01-01")]

    found = decide(known(fact(WIDOW, "IGO"), homes=homes), SON).decision

    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("RRN",))


def test_a_category_that_was_not_said_is_unknown_and_an_amount_of_zero_is_known():
    wage = fact(WIDOW, "RIS", "2026-01-05")
    found = decide(known(wage), right="LIVING_WAGE_SINGLE").decision
    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("PPS_SI",))

    insured = [home(WIDOW, scope="HOLDER_PARTNER_DEPENDANTS")]
    poor = fact(WIDOW, "INCOME_GROSS", "2023-01-01", "2023-12-31", value=0)
    day = date(2024, 6, 1)
    with_file = decide(known(poor, homes=insured), WIDOW, "INCREASED_REIMBURSEMENT", day).decision
    without = decide(known(homes=insured), WIDOW, "INCREASED_REIMBURSEMENT", day).decision

    # No tax file is not an income of zero.
    assert with_file.verdict is Verdict.GRANTED
    assert (without.verdict, without.missing) == (Verdict.UNDECIDED, ("FPS_FINANCE",))


def test_sources_are_named_with_when_they_last_told_all():
    found = JUDGE.sources(PENSIONER, ["WATER_DISCOUNT"])

    assert {str(one.supplier) for one in found} >= {"5.0", "16.0", "16.2", "40.0"}
    assert {one.as_of for one in found} == {AS_OF}


def test_who_is_in_no_household_that_is_known_is_not_refused_for_it():
    """Of whom no right could concern nothing was kept, households neither; a status is newer."""
    told = known(fact(WIDOW, "IGO", "2020-01-01"))
    unknown = replace(told, memberships=[])
    nothing = replace(known(), memberships=[])

    assert decide(unknown).decision.verdict is Verdict.GRANTED
    found = decide(nothing).decision
    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("RRN",))

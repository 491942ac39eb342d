from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.period import Period
from services.directory.errors import DossierOverlaps
from services.directory.model import PROVISIONAL, REPLACED, Dossier, OrganizationKey, QualityCode
from services.directory.rules import registering
from tests.services.directory.examples import dossier, period

MINE, OTHER = OrganizationKey(1), OrganizationKey(2)
DAYS = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@st.composite
def dossiers(draw):
    begin = draw(DAYS)
    end = draw(st.none() | DAYS.filter(lambda day: day >= begin))
    keys, codes = st.sampled_from([MINE, OTHER]), st.sampled_from([1, 2])
    return Dossier(
        draw(keys), QualityCode(draw(codes)), draw(st.integers(0, 2)), Period(begin, end)
    )


def all_of(registrations):
    known = ()
    for one in registrations:
        known, _ = registering.register(known, one)
    return known


@given(st.lists(dossiers(), max_size=8))
def test_whatever_is_registered_no_two_dossiers_in_one_quality_share_a_day(registrations):
    known = all_of(registrations)

    for n, one in enumerate(known):
        for other in known[n + 1 :]:
            same = (one.organization, one.quality_code) == (other.organization, other.quality_code)
            assert not (same and one.period.overlaps(other.period))


@given(st.lists(dossiers(), max_size=8), DAYS)
def test_a_day_is_covered_exactly_if_a_registration_covered_it(registrations, day):
    def covered(some):
        return {(x.organization, x.quality_code) for x in some if x.period.covers(day)}

    assert covered(all_of(registrations)) == covered(registrations)


@given(st.lists(dossiers(), max_size=8), dossiers())
def test_registering_again_changes_nothing(registrations, wanted):
    once, _ = registering.register(all_of(registrations), wanted)
    twice, _ = registering.register(once, wanted)

    assert set(twice) == set(once)


CASES = [
    (dossier(MINE, begin="2020-01-01", end="2020-12-31"), ("2020-06-01", None), "2020-01-01", None),
    (dossier(MINE, begin="2020-01-01"), ("2019-01-01", "2020-01-01"), "2019-01-01", None),
    (dossier(MINE, begin="2020-03-01", end="2020-04-01"), ("2020-01-01", "2020-12-31"),
     "2020-01-01", "2020-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "wanted", "begin", "end"), CASES)
def test_what_overlaps_becomes_one_dossier_and_is_reported(known, wanted, begin, end):
    after, overlapping = registering.register([known], dossier(MINE, 1, *wanted, phase=3))

    assert after == (dossier(MINE, 1, begin, end, phase=3),)
    assert overlapping == (known,)


@pytest.mark.parametrize(
    "other",
    [
        dossier(OTHER),
        dossier(MINE, quality=2),
        dossier(MINE, begin="2019-01-01", end="2019-12-31"),
    ],
    ids=["another organization", "another quality", "the days before"],
)
def test_what_shares_no_day_in_the_quality_stands_beside(other):
    after, overlapping = registering.register([other], dossier(MINE))

    assert set(after) == {other, dossier(MINE)}
    assert overlapping == ()


def test_unregistering_gives_a_last_day_and_leaves_the_rest():
    other = dossier(MINE, quality=2)

    after, ended = registering.unregister(
        [dossier(MINE, phase=2), other], MINE, QualityCode(1), period("2020-01-01", "2026-11-30")
    )

    assert ended == dossier(MINE, end="2026-11-30", phase=2)
    assert set(after) == {other, ended}


def test_a_last_day_can_be_corrected():
    known = [dossier(MINE, end="2020-12-31")]

    _, ended = registering.unregister(
        known, MINE, QualityCode(1), period("2020-01-01", "2021-12-31")
    )

    assert ended.period.end == date(2021, 12, 31)


def test_a_last_day_inside_the_next_dossier_is_refused():
    known = [dossier(MINE, end="2020-12-31"), dossier(MINE, begin="2022-01-01")]

    with pytest.raises(DossierOverlaps):
        registering.unregister(known, MINE, QualityCode(1), period("2020-01-01", "2022-01-01"))


@pytest.mark.parametrize(
    "key", [(OTHER, 1, "2020-01-01"), (MINE, 2, "2020-01-01"), (MINE, 1, "2020-01-02")]
)
def test_what_is_not_registered_cannot_be_ended(key):
    organization, quality, begin = key
    ended = period(begin, "2026-11-30")

    found = registering.unregister([dossier(MINE)], organization, QualityCode(quality), ended)
    assert found is None


@pytest.mark.parametrize(
    ("code", "may"), [(0, True), (PROVISIONAL, True), (2, True), (REPLACED, False)]
)
def test_only_a_replacement_leaves_the_code_of_a_replaced_number(code, may):
    assert registering.may_be_registered(QualityCode(code)) is may

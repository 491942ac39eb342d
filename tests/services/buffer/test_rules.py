"""Which statuses apply, as a table, and periods as properties."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.buffer.definitions import definitions, fact_types
from services.buffer.model import AskedStatus, Question, Verdict
from services.buffer.rules import decide, merge_periods, usable
from services.concepts.period import Period
from tests.services.buffer.examples import MARC, TODAY, fact

DEFINED = definitions(TODAY)
DAY = Period(TODAY, TODAY)


def verdicts(*facts, asked=("BIM_BVT",), period=DAY):
    question = Question(MARC, period, tuple(AskedStatus(name) for name in asked))
    return [result.verdict for result in decide(question, usable(facts, TODAY), DEFINED)]


@pytest.mark.parametrize(
    ("facts", "period", "expected"),
    [
        ([], DAY, Verdict.DOES_NOT_APPLY),
        ([fact("BIM_HOLDER")], DAY, Verdict.APPLIES),
        ([fact("BIM_DEPENDANT")], DAY, Verdict.APPLIES),
        ([fact("IGO")], DAY, Verdict.DOES_NOT_APPLY),
        ([fact(end="2026-11-24")], DAY, Verdict.APPLIES),
        ([fact(end="2026-11-23")], DAY, Verdict.DOES_NOT_APPLY),
        ([fact(begin="2026-11-25")], DAY, Verdict.DOES_NOT_APPLY),
        ([fact(end="2026-01-31")], Period(date(2026, 1, 1), TODAY), Verdict.APPLIES),
        ([fact(expires_on=TODAY)], DAY, Verdict.APPLIES),
        ([fact(expires_on=TODAY - timedelta(days=1))], DAY, Verdict.DOES_NOT_APPLY),
    ],
)
def test_a_status_applies_as_long_as_one_of_its_facts_does(facts, period, expected):
    assert verdicts(*facts, period=period) == [expected]


def test_an_unknown_status_is_not_decided_and_says_so():
    (result,) = decide(Question(MARC, DAY, (AskedStatus("NO_SUCH"),)), [], DEFINED)

    assert result.verdict is Verdict.UNDECIDED
    assert result.status.code.code == "MSG00008"


def test_a_status_bounded_by_residence_or_age_is_not_guessed():
    asked = AskedStatus("BIM_BVT", is_bounded=True)

    (result,) = decide(Question(MARC, DAY, (asked,)), [fact()], DEFINED)

    assert result.verdict is Verdict.UNDECIDED


def test_answers_in_the_order_asked_and_all_when_none_is_named():
    asked = ("LIVING_WAGES_PCSA_HELP", "BIM_BVT")

    assert verdicts(fact(), asked=asked) == [Verdict.DOES_NOT_APPLY, Verdict.APPLIES]
    assert len(verdicts(fact(), asked=())) == len(DEFINED)


def test_statuses_are_made_of_kinds_of_facts_that_are_kept():
    assert {name for one in DEFINED.values() for name in one.any_of} <= fact_types()
    assert definitions(date(2016, 3, 31)) == {}


days = st.dates(date(2020, 1, 1), date(2021, 12, 31))
periods = st.tuples(days, st.none() | days).map(
    lambda ends: Period(ends[0], ends[1] if ends[1] is None else max(ends))
)


@given(st.lists(periods, max_size=8), days)
def test_merged_periods_cover_the_same_days_and_do_not_touch(given_periods, day):
    joined = merge_periods(given_periods)

    assert any(one.covers(day) for one in joined) == any(one.covers(day) for one in given_periods)
    for earlier, later in itertools.pairwise(joined):
        assert earlier.end is not None
        assert later.begin > earlier.end + timedelta(days=1)

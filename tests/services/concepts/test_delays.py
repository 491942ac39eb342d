"""What is shown later, and for how long: by purpose and by place, by the rule of the day."""

from datetime import date, timedelta

import pytest

from services.concepts.delays import Delay, Delays, delay, delay_at, delays
from services.concepts.organization import SectorInstitution

INSPECTION, CENTRE = SectorInstitution(26, 1), SectorInstitution(17, 1)


def rule(begins, legal_context, days, *places):
    return Delay(
        begins=begins,
        source="law",
        legal_context=legal_context,
        days=days,
        places=frozenset(map(str, places)),
    )


RULES = [
    rule(date(2020, 1, 1), "INSPECTION:*", 100, INSPECTION),
    rule(date(2025, 1, 1), "INSPECTION:*", 10, INSPECTION),
    rule(date(2020, 1, 1), "POLICE:FRAUD", 30),
]
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("legal_context", "day", "days"),
    [
        ("INSPECTION:X", TODAY, 10),
        ("INSPECTION:X", date(2024, 12, 31), 100),
        ("INSPECTION:X", date(2019, 12, 31), 0),
        ("POLICE:FRAUD", TODAY, 30),
        ("POLICE:FRAUD:OTHER", TODAY, 0),
        ("PCSW:MEANS_TEST", TODAY, 0),
        ("", TODAY, 0),
    ],
)
def test_a_purpose_is_delayed_by_the_rule_of_the_day(legal_context, day, days):
    assert delay(legal_context, day, RULES) == timedelta(days=days)


@pytest.mark.parametrize(
    ("place", "day", "days"),
    [
        (INSPECTION, TODAY, 10),
        (INSPECTION, date(2021, 1, 1), 100),
        (INSPECTION, date(2019, 1, 1), 0),
        (CENTRE, TODAY, 0),
        (None, TODAY, 0),
    ],
)
def test_a_place_is_delayed_by_the_rule_of_the_day(place, day, days):
    assert delay_at(place, day, RULES) == timedelta(days=days)


def test_the_shipped_rules_have_a_source_and_name_inspections():
    assert all(one.source for one in delays())
    assert delay("INSPECTION:FRAUD", TODAY, delays()) == timedelta(days=365)
    assert delay_at(INSPECTION, TODAY, delays()) == timedelta(days=365)
    assert delay_at(CENTRE, TODAY, delays()) == timedelta()


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "2020"},
        {"days": 0},
        {"days": "365"},
        {"legal_context": ""},
        {"source": ""},
        {"places": None},
        {"places": ["x"]},
    ],
)
def test_a_rule_that_is_not_whole_is_refused(wrong):
    right = {
        "from": date(2020, 1, 1),
        "legal_context": "A:*",
        "days": 1,
        "source": "law",
        "places": ["26.1"],
    }
    assert Delays.model_validate({"delays": [right]}).delays[0].places == {INSPECTION}

    with pytest.raises(ValueError, match=r".+"):
        Delays.model_validate({"delays": [{**right, **wrong}]})

"""What a number is today, as a table."""

import pytest

from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin
from services.identification.model.numbers import Person, Resolved
from services.identification.rules.numbers import can_be_a_person, resolve
from tests.services.identification.examples import DIED, JAN, MARC, SAM, SAM_BEFORE

CASES = [
    (None, Resolved(MARC, SsinState.UNKNOWN)),
    (Person(MARC, SsinState.ACTIVE), Resolved(MARC, SsinState.ACTIVE)),
    (
        Person(MARC, SsinState.ACTIVE, deceased_on=DIED),
        Resolved(MARC, SsinState.ACTIVE, deceased_on=DIED),
    ),
    (Person(SAM, SsinState.ACTIVE), Resolved(MARC, SsinState.REPLACED, SAM)),
    (
        Person(SAM, SsinState.ACTIVE, deceased_on=DIED),
        Resolved(MARC, SsinState.REPLACED, SAM, DIED),
    ),
    (Person(MARC, SsinState.CANCELED), Resolved(MARC, SsinState.CANCELED)),
    (Person(JAN, SsinState.CANCELED), Resolved(MARC, SsinState.CANCELED)),
    # A chain that did not end within the steps that are followed.
    (Person(SAM_BEFORE, SsinState.REPLACED, SAM), Resolved(MARC, SsinState.CANCELED)),
]


@pytest.mark.parametrize(("last", "expected"), CASES)
def test_a_number_is_what_the_end_of_its_chain_makes_it(last, expected):
    assert resolve(MARC, last) == expected


@pytest.mark.parametrize(
    ("number", "in_production", "elsewhere"),
    [(71713000318, False, True), (93051822361, True, True), (82240999642, True, True)],
)
def test_a_mock_number_is_nobody_in_production(number, in_production, elsewhere):
    assert can_be_a_person(Ssin(number), knows_mock_numbers=False) is in_production
    assert can_be_a_person(Ssin(number), knows_mock_numbers=True) is elsewhere

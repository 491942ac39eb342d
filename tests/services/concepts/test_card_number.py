"""Card numbers, with an independent library as oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import eid

from services.concepts.card_number import CardFlaw, find_flaw, parse_card_number
from services.concepts.failures import InvalidArgument
from tests.support import reference


def test_reads_every_valid_vector_and_refuses_every_other():
    vectors = reference.vectors()["eid_card_number"]
    for vector in vectors["valid"]:
        assert parse_card_number(vector["value"]).digits == vector["normalized"]
    for vector in vectors["invalid"]:
        assert find_flaw(vector["value"]) is not None


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", CardFlaw.LENGTH),
        ("59199999017", CardFlaw.LENGTH),
        ("B91999990188", CardFlaw.NOT_NUMERIC),
        ("591999990170", CardFlaw.CHECK_DIGITS),
    ],
)
def test_names_what_is_wrong(text, flaw):
    assert find_flaw(text) is flaw


@given(st.integers(0, 10**12 - 1))
def test_agrees_with_an_independent_library(number):
    text = f"{number:012d}"
    ten = number // 100
    valid = f"{ten:010d}{ten % 97 or 97:02d}"

    assert (find_flaw(text) is None) == eid.is_valid(text)
    assert eid.is_valid(valid)
    assert parse_card_number(eid.format(valid)).digits == valid


@given(st.text())
def test_gives_any_text_a_value_or_a_named_failure(text):
    try:
        assert find_flaw(parse_card_number(text).digits) is None
    except InvalidArgument as refused:
        assert refused.violations[0].field == "card_number"


def test_never_prints_itself():
    assert "591999990179" not in f"{parse_card_number('591-9999901-79')!r}"

"""Officials and programs, as customers tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.failures import InvalidArgument
from services.concepts.user_id import LONGEST, parse_user_id

OFFICIAL = "57631410249"


@pytest.mark.parametrize("text", [OFFICIAL, "means-test", "P", "Batch_2.night", "p" * LONGEST])
def test_an_official_or_a_program_is_read_as_told(text):
    assert parse_user_id(text).text == text


def test_who_is_not_told_is_nobody():
    assert parse_user_id("") is None


@pytest.mark.parametrize(
    "text",
    [
        "57631410248",
        "5763141024",
        "57.63.14-102.49",
        "576314102490",
        "٥٧٦٣١٤١٠٢٤٩",
        "p" * (LONGEST + 1),
        "jan@example.org",
        "Jan Peeters",
        "éric",
        ".hidden",
        "program\n",
        f"{OFFICIAL}\n",
    ],
)
def test_anything_else_is_refused_without_being_repeated(text):
    with pytest.raises(InvalidArgument) as refused:
        parse_user_id(text)

    (violation,) = refused.value.violations
    assert violation.field == "information_customer.user_id"
    assert text not in violation.description


@given(st.text(max_size=60))
def test_gives_any_text_a_value_or_a_named_failure(text):
    try:
        told = parse_user_id(text)
    except InvalidArgument as refused:
        assert refused.violations[0].field == "information_customer.user_id"
    else:
        assert (told.text if told else "") == text


def test_never_prints_itself():
    assert OFFICIAL not in f"{parse_user_id(OFFICIAL)!r} {parse_user_id(OFFICIAL)}"

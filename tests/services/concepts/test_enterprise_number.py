import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import vat

from services.concepts.enterprise_number import (
    CbeFlaw,
    find_flaw,
    parse_enterprise_number,
    parse_establishment_number,
    parse_organization_identifier,
)
from services.concepts.failures import InvalidArgument
from tests.support import reference


def test_reads_every_valid_vector():
    for vector in reference.vectors()["cbe_enterprise"]["valid"]:
        assert parse_enterprise_number(vector["value"]).digits == vector["normalized"]
    for vector in reference.vectors()["cbe_establishment"]["valid"]:
        assert find_flaw(vector["value"], first_digits="2345678") is None


def test_names_the_flaw_of_every_invalid_vector():
    for vector in reference.vectors()["cbe_enterprise"]["invalid"]:
        assert find_flaw(vector["value"]) is CbeFlaw(vector["error"]), vector["note"]
    for vector in reference.vectors()["cbe_establishment"]["invalid"]:
        flaw = find_flaw(vector["value"], first_digits="2345678")
        assert flaw is CbeFlaw(vector["error"]), vector["note"]


@given(st.integers(0, 19_999_999))
def test_agrees_with_an_independent_library_on_check_digits(eight):
    digits = f"{eight:08d}{97 - eight % 97:02d}"

    assert find_flaw(digits) is None
    if eight > 0:
        assert vat.is_valid(digits)


@given(st.text())
def test_gives_any_text_a_value_or_a_named_failure(text):
    try:
        assert len(parse_enterprise_number(text).digits) == 10
    except InvalidArgument as refused:
        assert refused.violations[0].field == "cbe_number"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("NTRBE-0999999031", "0999999031"),
        ("NTRBE-0999999032", None),
        ("NTRBE-999999031", None),
        ("NTRNL-0999999031", None),
        ("VATBE-0999999031", None),
        ("0999999031", None),
        ("NTRBE-0999.999.031", None),
        ("", None),
    ],
)
def test_reads_the_number_of_a_certificate_only_in_its_one_form(text, digits):
    found = parse_organization_identifier(text)

    assert (found and found.digits) == digits


@given(st.integers(20_000_000, 89_999_999))
def test_reads_establishment_numbers_of_every_series(eight):
    digits = f"{eight:08d}{97 - eight % 97:02d}"

    # The independent library knows the check digits, though not the series.
    assert vat.checksum(digits) == 0
    assert parse_establishment_number(f"{digits[0]}.{digits[1:4]}.{digits[4:]}").digits == digits
    assert find_flaw(digits) is CbeFlaw.FIRST_DIGIT


@given(st.text())
def test_gives_any_text_an_establishment_or_a_named_failure(text):
    try:
        assert len(parse_establishment_number(text).digits) == 10
    except InvalidArgument as refused:
        assert refused.violations[0].field == "establishment_number"

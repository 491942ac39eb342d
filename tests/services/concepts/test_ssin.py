from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import bis, nn

from services.concepts.failures import InvalidArgument
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin, SsinFlaw, SsinKind, check_digits, find_flaw, parse_ssin
from tests.support import reference

KINDS = ("rrn", "bis", "mock")


def test_reads_every_valid_vector_with_its_kind_and_century():
    vectors = reference.vectors()["ssin"]
    for vector in (vector for kind in KINDS for vector in vectors[kind]["valid"]):
        ssin = parse_ssin(vector["value"])

        assert ssin.digits == vector["value"]
        assert ssin.kind is SsinKind(vector["kind"])
        assert ssin.century == vector["century"]
        assert str(ssin.birth) == vector["birth_date"]
        assert ssin.sex is {"M": Sex.MALE, "F": Sex.FEMALE, None: None}[vector["sex"]]


def test_names_the_flaw_of_every_invalid_vector():
    vectors = reference.vectors()["ssin"]
    for vector in (vector for kind in KINDS for vector in vectors[kind]["invalid"]):
        # A calendar mismatch passes: real registers hold odd dates.
        expected = None if vector["error"] == "CALENDAR" else SsinFlaw(vector["error"])

        assert find_flaw(vector["value"]) is expected, vector["note"]


@pytest.mark.parametrize("text", ["57.63.14-102.49", "576314-102-49", "576314 102 49"])
def test_accepts_formatted_input(text):
    assert parse_ssin(text).digits == "57631410249"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", SsinFlaw.LENGTH),
        ("5763141024", SsinFlaw.LENGTH),
        ("5763141024A", SsinFlaw.NOT_NUMERIC),
        ("\u06657631410249", SsinFlaw.NOT_NUMERIC),
        ("57631410298", SsinFlaw.CHECK_RANGE),
        ("57901410244", SsinFlaw.MONTH_RANGE),
        ("57633210291", SsinFlaw.DAY_RANGE),
        ("57631410248", SsinFlaw.CHECK_DIGITS),
    ],
)
def test_names_what_is_wrong(text, flaw):
    assert find_flaw(text) is flaw


@given(st.text())
def test_gives_any_text_a_value_or_a_named_failure(text):
    try:
        assert find_flaw(parse_ssin(text).digits) is None
    except InvalidArgument as refused:
        assert refused.violations[0].field == "ssin"


@given(
    # The library refuses the 20xx reading of years that have not come yet.
    st.tuples(st.integers(0, 99), st.just(19)) | st.tuples(st.integers(0, 25), st.just(20)),
    st.sampled_from((0, 20, 40, 60)),
    st.integers(0, 12),
    st.integers(0, 31),
    st.integers(1, 998),
    st.integers(0, 99),
)
def test_agrees_with_an_independent_library(birth, register, month, day, counter, check):
    year, century = birth
    nine = ((year * 100 + month + register) * 100 + day) * 1000 + counter
    digits = f"{nine:09d}{check_digits(nine, century):02d}"
    ssin = parse_ssin(digits)

    assert nn._checksum(digits) == century * 100
    assert (ssin.century, ssin.counter) == (century, counter)
    assert (ssin.birth.year, ssin.birth.month) == (century * 100 + year, month)
    # The library takes years of the two fictitious dates for unknown; ours gives what is written.
    if register != 60 and month and (year, month) != (0, 0):
        theirs = bis if register else nn
        assert theirs.get_birth_month(digits) == ssin.birth.month
        gender = {"M": Sex.MALE, "F": Sex.FEMALE, None: None}[theirs.get_gender(digits)]
        assert gender is ssin.sex
    _agree_on_any_check_digits(f"{nine:09d}{check:02d}")


def _agree_on_any_check_digits(digits):
    try:
        theirs = nn._checksum(digits)
    except nn.InvalidChecksum:
        theirs = None
    ours = find_flaw(digits)
    if theirs is not None:
        assert ours is None
    elif ours is None:
        # The library does not read a year that has not come yet as of this century.
        assert parse_ssin(digits).birth.year > datetime.now(UTC).year


@pytest.mark.parametrize("register", [0, 20, 40, 60])
@pytest.mark.parametrize("counted", [0, 31, 32, 99])
def test_without_a_month_the_day_field_counts_past_31(register, counted):
    nine = (register * 100 + counted) * 1000 + 417
    for century, year in ((19, 1900), (20, 2000)):
        ssin = parse_ssin(f"{nine:09d}{check_digits(nine, century):02d}")

        assert str(ssin.birth) == f"{year}-00-00"
        assert ssin.kind is list(SsinKind)[register // 20]


@pytest.mark.parametrize("register", [0, 20, 40, 60])
@pytest.mark.parametrize("month", [1, 12])
def test_with_a_month_the_day_ends_at_31(register, month):
    flaws = {}
    for day in (31, 32, 99):
        nine = ((register + month) * 100 + day) * 1000 + 417
        flaws[day] = find_flaw(f"{nine:09d}{check_digits(nine, 19):02d}")

    assert flaws == {31: None, 32: SsinFlaw.DAY_RANGE, 99: SsinFlaw.DAY_RANGE}


def test_never_prints_itself():
    ssin = parse_ssin("57631410249")

    assert "57631410249" not in f"{ssin} {ssin!r} {[ssin]}"
    assert ssin == Ssin(57631410249)

"""Lines of dossiers: what they mean and what is wrong with them."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.code_lists import code_lists
from services.concepts.period import Period
from services.concepts.problems import Problem
from services.concepts.reviewed import LoadRefused
from services.directory.load.dossiers import COLUMNS, DossierLines
from services.directory.model import Dossier, Holder, QualityCode, Registration
from tests.services.directory.examples import (
    CENTRE,
    FEDERAL,
    NOBODY,
    PERSON,
    TODAY,
    dossier,
    organization,
    person,
    source,
)

HOLDERS = [
    Holder(CENTRE, 1, organization().place),
    Holder(FEDERAL, 2, source().place),
]
HEADER = ",".join(COLUMNS).encode() + b"\n"


def lines():
    return DossierLines(HOLDERS, code_lists(), TODAY)


def written(**changed):
    """A line as JSON; None leaves a field out."""
    fields = {
        "ssin": PERSON.digits,
        "cbe_number": CENTRE.digits,
        "quality_code": "002",
        "begin_date": "2020-01-01",
        **changed,
    }
    return json.dumps({key: value for key, value in fields.items() if value is not None}).encode()


def refusal(reading):
    with pytest.raises(LoadRefused) as refused:
        list(reading)
    return refused.value.problems


FORMS = [
    ({}, b"71713000318,0899990348,002,,2020-01-01,", dossier(1, 2)),
    (
        {"phase": 7, "end_date": "2020-12-31"},
        b"71713000318,0899990348,002,7,2020-01-01,2020-12-31",
        dossier(1, 2, phase=7, end="2020-12-31"),
    ),
    (
        {"quality_code": "902", "phase": 0},
        b"71713000318,0899990348,902,00,2020-01-01,\r",
        dossier(1, 902),
    ),
]


@pytest.mark.parametrize(("changed", "row", "meant"), FORMS)
def test_both_forms_mean_the_same(changed, row, meant):
    assert list(lines().read_json([written(**changed)])) == [Registration(1, PERSON, meant)]
    assert list(lines().read_csv([HEADER, row + b"\n"])) == [Registration(2, PERSON, meant)]


organizations = st.sampled_from([(CENTRE, 1, 2), (CENTRE, 1, 902), (FEDERAL, 2, 5)])
days = st.dates(date(1990, 1, 1), TODAY)


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), organizations, st.integers(0, 99), days, st.none() | days)
    )
)
def test_what_is_written_is_read(drawn):
    rows, meant = [HEADER], []
    for at, (number, (cbe_number, key, quality), phase, begin, end) in enumerate(drawn, 2):
        end = None if end is None else max(begin, end)
        last = end.isoformat() if end else ""
        text = f"{person(number).digits},{cbe_number},{quality:03d},{phase},{begin},{last}\n"
        rows.append(text.encode())
        known = Dossier(key, QualityCode(quality), phase, Period(begin, end))
        meant.append(Registration(at, person(number), known))

    assert list(lines().read_csv(rows)) == meant


WRONG = [
    ({"ssin": "71713000319"}, "ssin"),
    ({"ssin": 71713000318}, "ssin"),
    ({"ssin": None}, "ssin"),
    ({"cbe_number": NOBODY.digits}, "cbe_number"),
    ({"cbe_number": "0899990349"}, "cbe_number"),
    ({"quality_code": "2"}, "quality_code"),
    ({"quality_code": "010"}, "quality_code"),
    ({"cbe_number": FEDERAL.digits, "quality_code": "011"}, "quality_code"),
    ({"phase": 100}, "phase"),
    ({"phase": -1}, "phase"),
    ({"phase": True}, "phase"),
    ({"phase": "1"}, "phase"),
    ({"begin_date": "2020-1-1"}, "begin_date"),
    ({"begin_date": "2020-02-30"}, "begin_date"),
    ({"begin_date": "20200101"}, "begin_date"),
    ({"begin_date": "2027-11-26"}, "begin_date"),
    ({"begin_date": None}, "begin_date"),
    ({"end_date": "2019-12-31"}, "end_date"),
    ({"end_date": ""}, "end_date"),
    ({"end": "2020-12-31"}, ""),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_a_wrong_field_is_named_with_its_line_and_never_its_value(changed, field):
    (problem,) = refusal(lines().read_json([written(), written(**changed), written()]))

    assert (problem.line, problem.field) == (2, field)
    assert PERSON.digits not in problem.description


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"1", b'"\xff"', b"[" * 100_000])
def test_a_line_that_is_no_object_is_named(line):
    (problem,) = refusal(lines().read_json([line]))

    assert (problem.line, problem.field) == (1, "")


CSV_WRONG = [
    (b"71713000318,0899990348,002,,2020-01-01", Problem("", "must have 6 fields", 2)),
    (b"\xff,0899990348,002,,2020-01-01,", Problem("", "is no UTF-8", 2)),
    (b"71713000318,0899990348,002,100,2020-01-01,", Problem("phase", "must be 0 to 99", 2)),
    (
        b"71713000318,0899990348,002,,,",
        Problem("begin_date", "must be a day, yyyy-mm-dd", 2),
    ),
]


@pytest.mark.parametrize(("row", "problem"), CSV_WRONG)
def test_a_row_that_is_wrong_is_named(row, problem):
    assert refusal(lines().read_csv([HEADER, row])) == (problem,)


@pytest.mark.parametrize(
    "header", [[], [b"ssin\n"], [b"71713000318,0899990348,002,,2020-01-01,\n"]]
)
def test_rows_without_the_names_of_the_columns_are_refused(header):
    (problem,) = refusal(lines().read_csv(header))

    assert problem == Problem("", f"must be {','.join(COLUMNS)}", 1)


def test_all_problems_of_a_file_are_told():
    rows = [HEADER, b"1,2\n", b"71713000318,0899990348,002,,2020-01-01,\n", b"\n"]

    assert [problem.line for problem in refusal(lines().read_csv(rows))] == [2, 4]

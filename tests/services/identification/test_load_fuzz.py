"""Whatever stands on a line of an import is a problem with its line and field, never a crash."""

import csv
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.failures import InvalidArgument
from services.identification.load import extract
from services.identification.load.country import Names, _line
from services.identification.load.lines import read

GOOD = {"ssin": "95661501255"}
WHOLE = {
    "ssin": "57631410249",
    "last_name": "Peeters",
    "first_names": ["Lotte"],
    "birth_date": "1957-03-14",
    "sex": 2,
    "register": "RAD",
    "card_number": "591999990179",
    "state": "ACTIVE",
    "deceased_on": "2025-02-00",
}
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "\0", "9" * 5000, "\u0663", "0000-00-00", "9999-99-99", "1e400"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below),
    max_leaves=5,
)


def judged(lines):
    said, problems = read(lines)
    assert len(said.persons) + len({one.line for one in problems}) == len(lines)
    assert all(one.line == 2 and one.field and one.description for one in problems)


@given(st.dictionaries(st.sampled_from([*WHOLE, "replaced_by", "else"]), values, max_size=4))
def test_any_value_in_any_field(changes):
    judged([json.dumps(GOOD), json.dumps(WHOLE | changes)])


@given(st.binary(max_size=200) | st.sampled_from([b"[" * 200_000, b'{"a":' * 100_000, b"9" * 9000]))
def test_any_bytes(line):
    judged([json.dumps(GOOD), line])


@pytest.mark.parametrize("sex", [True, 1.0, "1", [1], {}])
def test_a_sex_is_a_number_of_the_list(sex):
    _, problems = read([json.dumps(WHOLE | {"sex": sex})])

    assert [one.field for one in problems] == ["sex"]


@pytest.mark.parametrize("hidden", ["\u00ad", "\u200b", "\u200e", "\ufeff", "\0"])
def test_what_nobody_sees_in_a_name_is_left_out(hidden):
    plain = WHOLE | {"last_name": f"Pee{hidden}ters", "first_names": [f"Lot{hidden}te"]}

    said, problems = read([json.dumps(plain)])

    assert problems == []
    assert said.found[0].identity.last_name == "Peeters"
    assert said.found[0].identity.first_names == ("Lotte",)
    person, _ = _line(
        ["57631410249", f"Pee{hidden}ters", f"Lot{hidden}te|A", "1957-03-14", "2", "BIS"], Names()
    )
    assert person.startswith('57631410249,"Peeters","{""Lotte"",""A""}"')


@given(st.lists(st.text(max_size=60), min_size=0, max_size=8))
def test_any_fields_of_a_country(row):
    with suppress(InvalidArgument, KeyError, ValueError):
        _line(row, Names())


cells = st.text(max_size=30) | st.sampled_from(
    ["0899.990.150", "2.999.999.073", "AC", "full", "SnapshotDate", "31-03-2026", "\0", '"', "001"]
)
HEADS = {
    "meta": ("Variable", "Value"),
    "enterprise": ("EnterpriseNumber", "Status", "JuridicalForm", "StartDate"),
    "establishment": ("EstablishmentNumber", "StartDate", "EnterpriseNumber"),
    "denomination": ("EntityNumber", "TypeOfDenomination", "Denomination"),
    "address": ("EntityNumber", "Zipcode", "DateStrikingOff"),
}


@given(st.data())
def test_any_cells_of_an_extract(data):
    with tempfile.TemporaryDirectory() as folder:
        for name, head in HEADS.items():
            rows = data.draw(st.lists(st.lists(cells, max_size=len(head) + 1), max_size=3))
            written = io.StringIO()
            csv.writer(written).writerows([head, *rows])
            content = written.getvalue().encode("utf-8", "surrogatepass")
            (Path(folder) / f"{name}.csv").write_bytes(content)
        with suppress(extract.ExtractRefused):
            extract.read(Path(folder))


@given(st.binary(max_size=100))
def test_any_bytes_of_an_extract(content):
    with tempfile.TemporaryDirectory() as folder:
        for name in HEADS:
            (Path(folder) / f"{name}.csv").write_bytes(content)
        with suppress(extract.ExtractRefused):
            extract.read(Path(folder))

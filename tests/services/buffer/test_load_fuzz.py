"""Whatever stands on a line of a feed is a problem with its line and field, never a crash."""

import json

from hypothesis import given
from hypothesis import strategies as st

from services.buffer.definitions import fact_types
from services.buffer.load.lines import read
from tests.services.buffer.test_load import LINE

FIELDS = [*LINE, "end_date", "else", "scope", "household", "position", "told_all"]
values = (
    st.none()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=3), max_size=2)
    | st.dates().map(str)
    | st.datetimes(timezones=st.timezones()).map(str)
    | st.sampled_from(["9" * 5000, "9.9", "\0", "\ud800", "9999-12-31T23:59:59-23:59", "\u0661.1"])
)


def judged(line):
    fed, problems = read([json.dumps(LINE), line], fact_types())

    told = sum(map(len, (fed.facts, fed.memberships, fed.silences, fed.wholes)))
    assert told + len({one.line for one in problems}) == 2
    assert all(one.line == 2 and one.field and one.description for one in problems)


@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
def test_any_value_in_any_field(changes):
    judged(json.dumps(LINE | changes))


@given(st.binary(max_size=200) | st.sampled_from([b"[" * 200_000, b'{"a":' * 100_000, b"9" * 9000]))
def test_any_bytes(line):
    judged(line)

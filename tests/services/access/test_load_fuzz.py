"""Whatever stands in a reviewed file is a problem, never a crash."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access.errors import DeliberationUnreadable
from services.access.load.files import read
from services.access.store.lines import draft

HOSTILE = [
    b"",
    b"[" * 20_000,
    b"organizations: 7",
    b"organizations: x",
    b"organizations: [[]]",
    b"organizations: [7, null, x]",
    b"organizations: [{cbe_number: 7, name: [], public_key_sha256: 7}]",
    b"organizations: {}",
    b"\xff\xfe",
    b"a: !!int '" + b"9" * 5000 + b"'",
    b"a: " + b"9" * 5000,
    b"a: !!timestamp 2020-99-99",
    b"a: &a [*a]",
    b"? [a]\n: b",
    b'organizations: [{name: "\\0"}]',
    b"'\x00'",
]


def judged(content, folder):
    path = Path(folder) / "written.yaml"
    path.write_bytes(content)
    found = read([path])

    assert found.problems or found.reviewed
    assert all(one.description for one in found.problems)


@pytest.mark.parametrize("content", HOSTILE, ids=lambda one: repr(one[:20]))
def test_a_hostile_file(content, tmp_path):
    judged(content, tmp_path)
    if not content.startswith(b"\xff"):
        with pytest.raises(DeliberationUnreadable):
            draft(content.decode())


@given(st.binary(max_size=100) | st.text(max_size=100).map(lambda one: one.encode()))
def test_any_bytes(tmp_path_factory, content):
    judged(content, tmp_path_factory.getbasetemp())

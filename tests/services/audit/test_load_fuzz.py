"""Whatever stands in an onboarding file is a problem, never a crash."""

import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.load.__main__ import main, read

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


@pytest.mark.parametrize("content", HOSTILE, ids=lambda one: repr(one[:20]))
def test_a_hostile_file_is_refused_by_the_command(content, tmp_path, monkeypatch):
    path = tmp_path / "organizations.yaml"
    path.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["load", str(path)])
    monkeypatch.setenv("DATABASE_OWNER_DSN_FILE", str(path))

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1


@given(st.binary(max_size=100) | st.text(max_size=100).map(lambda one: one.encode()))
def test_any_bytes(content):
    with suppress(UnicodeDecodeError):
        admitted, problems = read(content.decode())
        assert problems or admitted

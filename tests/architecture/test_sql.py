"""Statements say what they lock."""

import re

from tests.architecture.project import ROOT, name


def test_a_lock_has_a_name():
    numbered = [
        f"{name(path)}: {found}"
        for path in (ROOT / "services").glob("*/sql/*.sql")
        if path.name != "schema.sql"
        for found in re.findall(r"advisory\w*lock\w*\(\s*\d+", path.read_text("utf-8"))
    ]

    assert numbered == []

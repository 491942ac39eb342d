"""Policy tests: the files of the sandbox hold, and a file that does not says where and why."""

from importlib.resources import files as resources
from pathlib import Path

import pytest

from services.access.load import files
from services.access.load.expectations import check
from services.access.rules.snapshots import compile_snapshot

SHIPPED = sorted(Path(str(resources("sandbox") / "deliberations")).glob("*.yaml"))
POLICY = sorted(Path(str(resources("sandbox") / "policy")).glob("*.yaml"))


@pytest.fixture(scope="module")
def snapshot():
    return compile_snapshot([one.deliberation for one in files.read(SHIPPED).reviewed])


@pytest.mark.parametrize("path", POLICY, ids=lambda path: path.stem)
def test_the_deliberations_do_what_the_jurists_expect(path, snapshot):
    found = check([path], snapshot)

    assert found.expectations > 0
    assert found.problems == []


FILE = """
about: What cannot be
on: "2026-03-31"
expectations:
  - who: "0899990348"
    place: "17.1"
    asks: HANDICAP
    for: PCSW:LIVING_WAGE_MEANS_TEST
    how: ONLINE
    outcome: {outcome}
    fields: [{field}]
    never: [{never}]
    why: {why}
"""


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"outcome": "NOT_ACCEDED"}, 5, "is granted, must be refused (NOT_ACCEDED): because"),
        ({"field": "addresses"}, 5, "addresses is cut, must be granted"),
        ({"never": "rights.right_code"}, 5, "something of rights.right_code is granted"),
        ({"never": "handicap_recognitions"}, 5, "something of handicap_recognitions is granted"),
        ({"outcome": "PERHAPS"}, 10, "must be GRANTED or one of"),
        ({"why": "so"}, 13, "at least 10 characters"),
    ],
)
def test_an_expectation_that_is_not_met_says_on_which_line_and_why(
    snapshot, tmp_path, change, line, said
):
    words = {"outcome": "GRANTED", "field": "rights", "never": "nothing", "why": "because of it"}
    (tmp_path / "a.yaml").write_text(FILE.format(**{**words, **change}))

    (problem,) = check([tmp_path / "a.yaml"], snapshot).problems

    assert problem.line == line
    assert said in problem.description

"""`cbss audit alerts` and its like without a mesh; with one, see `tests/mesh/test_misuse.py`."""

import pytest
from typer.testing import CliRunner

from sandbox.audit import app
from sandbox.state import State


@pytest.mark.parametrize(
    "arguments",
    [
        ("alerts", "pcsw-ghent"),
        ("answer", "pcsw-ghent", "an alert", "explained"),
        ("unanswered", "--reason", "a test"),
    ],
)
def test_nothing_is_asked_where_no_mesh_runs(tmp_path, arguments):
    State.at(tmp_path).made()

    told = CliRunner().invoke(app, [*arguments, "--state", str(tmp_path)])

    assert (told.exit_code, told.output) == (1, "no mesh runs here\n")


def test_an_officer_says_what_he_found():
    assert CliRunner().invoke(app, ["answer", "pcsw-ghent", "an alert", "nothing"]).exit_code == 2

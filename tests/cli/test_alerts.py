"""`cbss audit alerts` and its like without a mesh; with one, see `tests/mesh/test_misuse.py`."""

import pytest
from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.common.v1.words_pb2 import Words

from cli.alerts import show
from cli.mesh import Mesh
from sandbox.state import State
from tests.support.commanding import cbss


@pytest.mark.parametrize(
    "arguments",
    [
        ("alerts", "pcsw-ghent"),
        ("answer", "pcsw-ghent", "an alert", "explained"),
        ("unanswered", "--reason", "a test"),
        ("answers", "--reason", "a test"),
    ],
)
def test_nothing_is_asked_where_no_mesh_runs(tmp_path, arguments):
    State.at(tmp_path).made()

    told = cbss("audit", *arguments, "--state", tmp_path)

    assert (told.exit_code, told.stdout, told.stderr[:17]) == (1, "", "no mesh runs here")


def test_an_officer_says_what_he_found():
    assert cbss("audit", "answer", "pcsw-ghent", "an alert", "nothing").exit_code == 2


def test_an_alert_is_explained_in_three_languages_with_all_that_was_answered(capsys):
    told = pb.Alert(code="OWN_NUMBER", explanation=Words(nl="Waarom", fr="Pourquoi", de="Warum"))
    told.answers.add(finding="ALERT_FINDING_IMPROPER")
    told.answers.add(finding="ALERT_FINDING_EXPLAINED")

    show(Mesh(), [told])

    shown = capsys.readouterr().out
    assert all(line in shown for line in ("nl: Waarom", "fr: Pourquoi", "de: Warum"))
    assert "improper, then explained" in shown

"""The `cbss` command where no mesh runs, and what it says to mistakes."""

import pytest

from sandbox.state import State
from tests.architecture.project import ROOT
from tests.support import commanding


@pytest.fixture
def cbss(tmp_path, monkeypatch):
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return commanding.cbss


@pytest.mark.parametrize("command", ["up", "down", "status", "restart", "reset", "demo", "trail"])
def test_every_command_says_what_it_does(cbss, command):
    told = cbss(command, "--help")

    assert told.exit_code == 0
    assert "--state" in told.output


def test_down_where_nothing_runs_is_no_mistake(cbss):
    told = cbss("down")

    assert (told.exit_code, told.output) == (0, "no mesh runs here\n")


@pytest.mark.parametrize("command", [["status"], ["trail", "71713000318", "--reason", "a test"]])
def test_what_needs_a_mesh_says_that_there_is_none(cbss, command):
    told = cbss(*command)

    assert (told.exit_code, told.stdout, told.stderr[:17]) == (1, "", "no mesh runs here")


def test_reset_deletes_a_sandbox_that_it_is_told_to(cbss, tmp_path):
    State.at(tmp_path / ".cbss").made()

    assert cbss("reset", "--yes").exit_code == 0
    assert not (tmp_path / ".cbss").exists()


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_reset_asks_before_it_deletes(cbss, tmp_path, answer):
    State.at(tmp_path / ".cbss").made()

    assert cbss("reset", typed=answer).exit_code == 1
    assert (tmp_path / ".cbss").exists()


def test_reset_deletes_nothing_but_a_sandbox(cbss, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").touch()

    told = cbss("reset", "--yes", "--state", "thesis")

    assert (told.exit_code, "is no sandbox" in told.stderr) == (1, True)
    assert (tmp_path / "thesis" / "chapter").exists()


def test_reset_deletes_no_sandbox_that_runs(cbss, tmp_path):
    state = State.at(tmp_path / ".cbss").made()

    with state.held():
        assert cbss("reset", "--yes").exit_code == 1
    assert state.is_there


def test_up_starts_in_no_folder_of_something_else(cbss, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").touch()

    told = cbss("up", "--state", "thesis")

    assert (told.exit_code, "no sandbox" in told.stderr) == (1, True)
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter"]


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["status", "--json"],
        ["down"],
        ["reset", "--yes"],
        ["restart", "routing"],
        ["trail", "71713000318", "--reason", "a test"],
        ["audit", "verify"],
        ["citizen", "card", "71713000318"],
    ],
)
def test_who_asks_about_a_sandbox_makes_none(cbss, tmp_path, command):
    cbss(*command, "--state", "nowhere")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_messages_that_is_not_there_is_refused(cbss):
    told = cbss("up", "--messages", "nowhere")

    assert told.exit_code == 2


def test_a_benchmark_that_is_not_there_is_named(cbss):
    told = cbss("bench", "nothing")

    assert told.exit_code == 2
    assert "tests/bench/nothing.py" in told.output


def test_a_benchmark_says_itself_what_it_takes(monkeypatch):
    monkeypatch.chdir(ROOT)

    told = commanding.cbss("bench", "exchange", "--help")

    assert told.exit_code == 0
    assert "--rounds" in told.output
    assert "{name}" in commanding.cbss("bench", "--help").output

"""The `cbss` command where no mesh runs, and what it says to mistakes."""

import pytest
from typer.testing import CliRunner

from sandbox.command import app


@pytest.fixture
def cbss(tmp_path, monkeypatch):
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(app, arguments)

    return run


@pytest.mark.parametrize("command", ["up", "down", "status", "reset", "demo", "trail"])
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

    assert (told.exit_code, told.output) == (1, "no mesh runs here\n")


def test_reset_deletes_the_folder(cbss, tmp_path):
    (tmp_path / ".cbss" / "postgres").mkdir(parents=True)

    assert cbss("reset").exit_code == 0
    assert not (tmp_path / ".cbss").exists()


def test_a_folder_of_messages_that_is_not_there_is_refused(cbss):
    told = cbss("up", "--messages", "nowhere")

    assert told.exit_code == 2


def test_a_benchmark_that_is_not_there_is_named(cbss):
    told = cbss("bench", "nothing")

    assert told.exit_code == 2
    assert "tests/bench/nothing.py" in told.output

"""Children of a sandbox: waited for, watched, stopped in good order, with a log each."""

import signal
import sys

import pytest

from sandbox.processes import Processes, ProcessFailed, Program
from sandbox.state import State
from tests.support.waiting import until

STOPS = "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True)"
SLEEPS = "\nwhile True: signal.pause()"


@pytest.fixture
def died():
    return []


@pytest.fixture
async def processes(tmp_path, died):
    made = Processes(State.at(tmp_path / "sandbox"), lambda *told: died.append(told))
    yield made
    await made.stop_all(())


def says(processes, name, words):
    """Whether a child has said something."""

    async def said():
        return words in processes.log(name).read_text()

    return said


def program(processes, code, name="one", **environment):
    """A program that is ready once it has said so in its log."""

    async def ready():
        await until(says(processes, name, "up"))

    return Program(name, [sys.executable, "-c", code], ready, environment)


async def test_a_child_is_ready_when_it_says_so_and_stops_when_it_is_asked(processes, died):
    await processes.start(program(processes, STOPS + SLEEPS))

    assert processes.names() == ["one"]
    assert await processes.stop("one") == 0
    assert processes.names() == []
    assert died == []


async def test_a_child_that_is_killed_says_so_to_nobody_but_who_killed_it(processes, died):
    await processes.start(program(processes, STOPS + SLEEPS))

    assert await processes.stop("one", kill=True) == -signal.SIGKILL
    assert died == []


async def test_a_child_that_ends_before_it_is_ready_fails_with_the_end_of_its_log(processes):
    with pytest.raises(ProcessFailed, match=r"one ended with code 3; see .*\n.*no such table"):
        await processes.start(
            program(processes, "import sys; print('no such table', flush=True); sys.exit(3)")
        )


async def test_a_child_that_ends_by_itself_later_is_reported(processes, died):
    ends = "import sys; print('up', flush=True); sys.stdin.close()\nimport time; time.sleep(0.2)"
    await processes.start(program(processes, ends))

    async def reported():
        return bool(died)

    await until(reported)
    assert died == [("one", 0, processes.log("one"))]


async def test_a_child_is_started_again_with_other_settings(processes):
    tells = "import os; print(os.environ.get('FAULT', 'none'), 'up', flush=True)" + ";import signal"
    await processes.start(program(processes, tells + SLEEPS))
    await processes.stop("one")

    await processes.restart("one", {"FAULT": "hang"})

    await until(says(processes, "one", "hang up"))
    said = processes.log("one").read_text().split("\n")
    assert said[:2] == ["none up", "hang up"]


async def test_a_child_inherits_no_setting_of_its_parent(processes, monkeypatch):
    monkeypatch.setenv("CBSS_DATABASE_URL", "secret")
    tells = "import os; print(sorted(os.environ), 'up', flush=True); import signal"

    await processes.start(program(processes, tells + SLEEPS))

    assert "CBSS_DATABASE_URL" not in processes.log("one").read_text()

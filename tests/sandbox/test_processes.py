"""Children of a sandbox: waited for, watched, stopped in good order, with a log each."""

import os
import signal
import sys

import pytest

from sandbox.processes import Processes, ProcessFailed, Program
from sandbox.restarts import Restarts
from sandbox.state import State
from tests.support.waiting import until

STOPS = "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True)"
SLEEPS = "\nwhile True: signal.pause()"


@pytest.fixture
def died():
    return []


@pytest.fixture
async def processes(tmp_path, died):
    made = Processes(State.at(tmp_path / "sandbox").made(), lambda *told: died.append(told))
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


@pytest.fixture
async def supervised(tmp_path, died):
    """Children that are started again twice, at once."""
    told = []
    state = State.at(tmp_path / "sandbox").made()
    restarts = Restarts(most=2, first=0.0)
    made = Processes(state, lambda *each: died.append(each), restarts, told.append)
    made.told, made.state = told, state
    yield made
    await made.stop_all(())


async def test_a_child_that_dies_is_started_again_and_that_is_said(supervised, died):
    await supervised.start(program(supervised, STOPS + SLEEPS))
    first = supervised.pid("one")

    os.kill(first, signal.SIGKILL)
    await until(told(supervised, "one serves again"))

    assert supervised.pid("one") != first
    assert [each[:2] for each in died] == [("one", -signal.SIGKILL)]
    assert supervised.told[0] == "one is started again in 0.0 s"


async def test_a_child_that_dies_again_and_again_is_given_up_with_a_reason(supervised):
    await supervised.start(
        program(supervised, "print('up', flush=True)\nimport time\ntime.sleep(0.1)")
    )

    await until(told(supervised, "given up"))

    assert supervised.state.noted("given_up") == {
        "one": "given up after 2 restarts: it ended with code 0"
    }
    await supervised.start(program(supervised, STOPS + SLEEPS))
    assert supervised.state.noted("given_up") == {}


async def test_a_child_that_cannot_be_started_again_is_given_up_with_what_it_said(supervised):
    once = f"import pathlib; mark = pathlib.Path({str(supervised.state.folder / 'ran')!r})"
    once += "\nif mark.exists(): raise SystemExit('no table')"
    once += "\nmark.touch(); print('up', flush=True); import time; time.sleep(0.1)"
    await supervised.start(program(supervised, once))

    await until(told(supervised, "given up"))

    assert "ended with code 1" in supervised.state.noted("given_up")["one"]


async def test_a_child_that_is_stopped_while_it_waits_to_be_started_again_stays_stopped(
    tmp_path, died
):
    told_ = []
    state = State.at(tmp_path / "sandbox").made()
    processes = Processes(state, lambda *each: died.append(each), Restarts(first=60), told_.append)
    await processes.start(program(processes, STOPS + SLEEPS))
    os.kill(processes.pid("one"), signal.SIGKILL)

    async def waits():
        return bool(told_)

    await until(waits)
    await processes.stop("one")

    assert processes.names() == []


def told(processes, words):
    """Whether something was said aloud."""

    async def said():
        return any(words in line for line in processes.told)

    return said

"""One folder holds a sandbox: who runs it, on which ports, what a run that was killed left."""

import os
import socket
import subprocess
import sys

import psutil
import pytest

from sandbox import topology
from sandbox.state import (
    PortTaken,
    SandboxRuns,
    State,
    check_free,
    ended_leftovers,
    free_port,
    started_at,
    stop_run,
)

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
HOLDER = """
import signal, sys
from pathlib import Path
from sandbox.state import State
import os
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
state = State.at(Path(sys.argv[1]))
with state.held():
    state.note("run", {"pid": os.getpid()})
    print("up", flush=True)
    signal.sigwait([signal.SIGTERM])
"""


@pytest.fixture
def state(tmp_path):
    return State.at(tmp_path / "sandbox")


@pytest.fixture
def running():
    """Starts programs that say `up`; ends them afterwards."""
    started = []

    def start(*command):
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        started.append(child)
        assert child.stdout.readline() == b"up\n"
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


def test_a_second_run_in_the_same_folder_is_refused(state):
    with state.held(), pytest.raises(SandboxRuns, match="already running"), state.held():
        pass

    assert not state.is_held()


def test_two_folders_run_side_by_side(state, tmp_path):
    other = State.at(tmp_path / "other")

    with state.held(), other.held():
        assert state.is_held()
        assert other.is_held()


def test_only_its_user_sees_what_is_secret(state):
    for private in (state.secrets, state.certificates, state.seed, state.logs):
        assert private.stat().st_mode & 0o077 == 0


def test_who_runs_it_is_asked_to_stop_and_waited_for(state, running):
    child = running(sys.executable, "-c", HOLDER, str(state.folder))

    assert stop_run(state)
    assert child.wait() == 0


def test_there_is_nothing_to_stop_where_nothing_runs(state):
    assert not stop_run(state)


def test_what_a_killed_run_left_is_ended(state, running):
    child = running(*SLEEPER)
    state.note("processes", {"directory": (child.pid, started_at(child.pid))})

    assert ended_leftovers(state) == ["directory"]
    assert not psutil.pid_exists(child.pid)


def test_a_number_that_another_process_has_now_is_left_alone(state, running):
    child = running(*SLEEPER)
    state.note("processes", {"directory": (child.pid, started_at(child.pid) - 60)})

    assert ended_leftovers(state) == []
    assert child.poll() is None
    os.kill(child.pid, 0)


def test_a_note_that_cannot_be_read_is_no_note(state):
    (state.folder / "run.json").write_text("{")

    assert state.noted("run") is None
    assert state.noted("never") is None


def test_a_port_that_is_taken_is_named_with_what_needs_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"gateway needs {number}.*--free-ports"):
            check_free([("gateway", number), ("audit", free_port())])


def test_every_process_has_a_port_of_its_own(state):
    for ports in (topology.fixed(), topology.chosen(state, free=True)):
        numbers = list(ports.numbers.values())

        assert len(set(numbers)) == len(numbers)
    assert topology.noted(state).numbers == dict(ports.numbers)


def test_a_reset_leaves_nothing(state):
    state.note("run", {"pid": 1})

    state.remove()

    assert not state.folder.exists()

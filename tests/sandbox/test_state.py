"""One folder holds a sandbox: who runs it, on which ports, what a run that was killed left."""

import os
import socket
import subprocess
import sys
from contextlib import closing

import psutil
import pytest

from sandbox import topology
from sandbox.leftovers import RunsOn, end_leftovers, leftovers, started_at, stop_run
from sandbox.ports import Claims, PortTaken, free_port
from sandbox.state import NotASandbox, SandboxRuns, State

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
HOLDER = """
import signal, sys
from pathlib import Path
from sandbox.state import State
import os
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
state = State.at(Path(sys.argv[1])).made()
with state.held():
    state.note("run", {"pid": os.getpid()})
    print("up", flush=True)
    signal.sigwait([signal.SIGTERM])
"""


@pytest.fixture
def state(tmp_path):
    return State.at(tmp_path / "sandbox").made()


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
    other = State.at(tmp_path / "other").made()

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

    assert end_leftovers(state) == ["directory"]
    assert not psutil.pid_exists(child.pid)


def test_a_number_that_another_process_has_now_is_left_alone(state, running):
    child = running(*SLEEPER)
    state.note("processes", {"directory": (child.pid, started_at(child.pid) - 60)})

    assert end_leftovers(state) == []
    assert child.poll() is None
    os.kill(child.pid, 0)


def test_a_note_that_cannot_be_read_is_no_note(state):
    (state.folder / "run.json").write_text("{")

    assert state.noted("run") is None
    assert state.noted("never") is None


def test_an_edge_whose_control_program_died_is_known_by_its_configuration(state, running):
    configuration = str(state.gateway / "envoy.json")
    child = running(*SLEEPER, "-c", configuration)
    checking = running(*SLEEPER, "--mode", "validate", "-c", configuration)

    assert {name: one.pid for name, one in leftovers(state).items()} == {"envoy": child.pid}
    assert end_leftovers(state) == ["envoy"]
    assert not psutil.pid_exists(child.pid)
    assert checking.poll() is None


@pytest.mark.parametrize("note", ["{", "[]", "1", '{"a": 1}', '{"a": ["x", 1]}', '{"a": [1]}'])
def test_damaged_notes_are_no_notes(state, note):
    for name in ("processes", "run", "ports"):
        (state.folder / f"{name}.json").write_text(note)

    assert leftovers(state) == {}
    assert topology.noted_ports(state) is None
    with state.held(), pytest.raises(RunsOn, match="does not say as which process"):
        stop_run(state)


def test_a_port_that_is_taken_is_named_with_what_needs_it():
    with socket.socket() as taken, closing(Claims()) as claims:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"gateway needs {number}.*--free-ports"):
            claims.fixed([("gateway", number), ("audit", free_port())])


def test_every_process_has_a_port_of_its_own(state):
    with closing(Claims()) as claims:
        for ports in (topology.fixed_ports(), topology.choose_ports(state, claims, free=True)):
            numbers = list(ports.numbers.values())

            assert len(set(numbers)) == len(numbers)
        assert topology.noted_ports(state).numbers == dict(ports.numbers)


def test_a_sandbox_keeps_its_ports_until_somebody_takes_one(state):
    with closing(Claims()) as claims:
        first = topology.choose_ports(state, claims, free=True)
    with closing(Claims()) as claims:
        assert topology.choose_ports(state, claims, free=True).numbers == first.numbers
    with closing(Claims()) as claims, socket.socket() as taken:
        taken.bind(("127.0.0.1", first["audit"]))
        taken.listen()
        assert (
            first["audit"] not in topology.choose_ports(state, claims, free=True).numbers.values()
        )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a port is chosen and not held")
def test_a_port_that_is_claimed_is_the_servers_and_nobody_elses():
    with closing(Claims()) as claims, socket.socket() as other, socket.socket() as server:
        number = claims.free(["one"])["one"]

        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", number))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", number))
        server.listen()
        with socket.create_connection(("127.0.0.1", number)):
            pass


def test_a_folder_of_something_else_is_never_made_a_sandbox_nor_deleted(tmp_path):
    (tmp_path / "thesis.tex").touch()
    state = State.at(tmp_path)

    with pytest.raises(NotASandbox, match="not empty"):
        state.made()
    with pytest.raises(NotASandbox, match="nothing is deleted"):
        state.remove()

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_place_for_a_sandbox(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(NotASandbox):
        State.at(tmp_path / "file").made()


def test_who_asks_about_a_folder_makes_nothing(tmp_path):
    state = State.at(tmp_path / "nowhere")

    assert (state.is_there, state.is_held(), state.noted("run")) == (False, False, None)
    assert not stop_run(state)
    assert end_leftovers(state) == []
    assert not state.folder.exists()


def test_a_link_to_a_sandbox_is_deleted_where_it_leads(state, tmp_path):
    beside = tmp_path / "beside"
    beside.mkdir()
    (state.folder / "link").symlink_to(beside)
    (tmp_path / "other").symlink_to(state.folder)

    State.at(tmp_path / "other").remove()

    assert not state.folder.exists()
    assert beside.is_dir()


def test_a_reset_leaves_nothing(state):
    state.note("run", {"pid": 1})

    state.remove()

    assert not state.folder.exists()

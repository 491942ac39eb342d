"""Who runs a sandbox, how he is asked to stop, and what a run leaves that was killed."""

import asyncio
import os
import signal
import time
from contextlib import suppress

import psutil

from sandbox.state import State


class RunsOn(Exception):
    """A sandbox that was asked to stop has not done so in time."""


def end_leftovers(state: State) -> list[str]:
    """End processes of a run whose parent was killed; the names of those that were left."""
    left = leftovers(state)
    for process in left.values():
        with suppress(psutil.Error):
            process.kill()
            process.wait(5)
    return list(left)


def leftovers(state: State) -> dict[str, psutil.Process]:
    """What still runs of a run whose parent was killed, by name."""
    left = {}
    for name, (pid, started) in noted_processes(state).items():
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - started) < 1 and _runs(process):
                left[name] = process
    if edge := edge_process(state):
        left["envoy"] = edge
    return left


def edge_process(state: State) -> psutil.Process | None:
    """The Envoy of this sandbox, whoever started it and whether that one lives; found by the
    configuration that it was given."""
    configuration = str(state.gateway / "envoy.json")
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            command = process.cmdline()
            is_checking = "validate" in command
            if configuration in command and not is_checking and _runs(process):
                return process
    return None


async def edge_vacant(state: State) -> None:
    """End an Envoy whose control program died: it holds the ports that the next one needs."""
    edge = await asyncio.to_thread(edge_process, state)
    if edge is not None:
        with suppress(psutil.Error):
            edge.kill()
            await asyncio.to_thread(edge.wait, 5)


def noted_processes(state: State) -> dict[str, tuple[int, float]]:
    """The processes that a run wrote down: number and start, by name."""
    noted = state.noted("processes")
    if not isinstance(noted, dict):
        return {}
    return {
        name: (one[0], one[1])
        for name, one in noted.items()
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], int)
        if isinstance(one[1], int | float)
    }


def _runs(process: psutil.Process) -> bool:
    running: bool = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return running


def started_at(pid: int) -> float:
    """When a process began, by which a number that is used again is told apart."""
    return psutil.Process(pid).create_time()


def stop_run(state: State, patience: float = 60.0) -> bool:
    """Ask whoever runs this sandbox to stop, and wait until it has; whether there was anybody.

    RunsOn if it still runs after that many seconds.
    """
    if not state.is_held():
        return False
    noted = state.noted("run")
    pid = noted.get("pid") if isinstance(noted, dict) else None
    if not isinstance(pid, int) or pid <= 1:
        raise RunsOn(f"a mesh runs in {state.folder}, but run.json does not say as which process")
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    except PermissionError:
        raise RunsOn(f"the mesh of process {pid} belongs to another user") from None
    given_up = time.monotonic() + patience
    while state.is_held():
        if time.monotonic() > given_up:
            raise RunsOn(f"the mesh of process {pid} still stops after {patience:.0f} s")
        time.sleep(0.1)
    return True

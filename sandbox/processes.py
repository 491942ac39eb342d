"""Children: started with a log each, waited for until healthy, watched, stopped in good order."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import grpc
import grpc.aio
import psutil
from grpc_health.v1 import health_pb2, health_pb2_grpc

from sandbox.leftovers import started_at
from sandbox.restarts import NEVER, Deaths, Restarts
from sandbox.state import State

PATIENCE = 60.0
"""Seconds that a process may take until it is healthy."""
GRACE = 20.0
"""Seconds that a process may take to stop before it is killed."""
_INHERITED = (
    *("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "ENVOY_BINARY", "PYTHONPATH"),
    # What gRPC tries or leaves out, where somebody measures it.
    "GRPC_EXPERIMENTS",
)


class ProcessFailed(Exception):
    """A process did not become healthy; the message says where its log is."""


def silent(_: str) -> None:
    """Tell nobody."""


async def _at_once() -> None:
    """Nothing is in the way."""


@dataclass(frozen=True)
class Program:
    """A process to run."""

    name: str
    command: Sequence[str]
    ready: Callable[[], Awaitable[None]]
    """Returns once the process serves."""
    environment: Mapping[str, str] = field(default_factory=dict)
    vacant: Callable[[], Awaitable[None]] = _at_once
    """Returns once nothing of an earlier run is in its way."""


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours."""
    return [sys.executable, "-m", name, *arguments]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process: its settings, and the little that every program needs."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, "PYTHONUNBUFFERED": "1", **given}


async def healthy(address: str) -> None:
    """Return once the process that answers health questions at the address says it serves."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                answer = await stub.Check(
                    health_pb2.HealthCheckRequest(), timeout=1, wait_for_ready=True
                )
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.aio.AioRpcError:
                pass
            await asyncio.sleep(0.05)


class Processes:
    """All children of one sandbox: who dies is started again, as far as the restarts allow."""

    def __init__(
        self,
        state: State,
        died: Callable[[str, int, Path], None],
        restarts: Restarts = NEVER,
        tell: Callable[[str], None] = silent,
    ) -> None:
        self._state = state
        self._died = died
        self._restarts = restarts
        self._tell = tell
        self._programs: dict[str, Program] = {}
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._given_up: dict[str, str] = {}

    async def start(self, program: Program) -> None:
        """Start a process and wait until it is ready; ProcessFailed if it ends or is too slow."""
        self._programs[program.name] = program
        self._given_up.pop(program.name, None)
        await self._begin(program)
        child = self._children[program.name]
        self._watching[program.name] = asyncio.create_task(self._watch(program.name, child))

    async def _begin(self, program: Program) -> None:
        await program.vacant()
        log = self.log(program.name)
        with log.open("ab") as file:
            child = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment(program.environment),
                # What ends us from a terminal must let us stop them in good order.
                start_new_session=True,
            )
        self._children[program.name] = child
        self._note()
        ready = asyncio.ensure_future(program.ready())
        ended = asyncio.create_task(child.wait())
        try:
            done, _ = await asyncio.wait(
                [ready, ended], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for waiting in (ready, ended):
                waiting.cancel()
            await asyncio.wait([ready, ended])
        if ended in done:
            raise ProcessFailed(
                f"{program.name} ended with code {child.returncode}; see {log}\n{_tail(log)}"
            )
        if ready not in done:
            raise ProcessFailed(f"{program.name} is not healthy after {PATIENCE:.0f} s; see {log}")
        if not ready.cancelled() and (fault := ready.exception()) is not None:
            raise ProcessFailed(f"{program.name} did not get ready: {fault!r}; see {log}")

    async def restart(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a process again, with other settings if they are given; one that runs, stop."""
        await self.stop(name)
        program = self._programs[name]
        if environment is not None:
            merged = {**program.environment, **environment}
            program = replace(program, environment=merged)
        await self.start(program)

    async def stop(self, name: str, *, kill: bool = False) -> int | None:
        """Stop a process, or kill it; the code it ended with, nothing if it did not run."""
        child = self._children.pop(name, None)
        watching = self._watching.pop(name, None)
        if watching is not None:
            watching.cancel()
            await asyncio.wait([watching])
            # It may have been about to start another one.
            child = self._children.pop(name, child)
        if child is None:
            return None
        await self._end(child, kill=kill)
        self._note()
        return child.returncode

    async def stop_all(self, order: Sequence[Sequence[str]]) -> None:
        """Stop everything, group by group; what no group names comes last."""
        named = {name for group in order for name in group}
        rest = [name for name in self._children if name not in named]
        for group in (*order, rest):
            await asyncio.gather(*(self.stop(name) for name in group))

    def pid(self, name: str) -> int:
        """The number of a running process."""
        return self._children[name].pid

    def names(self) -> list[str]:
        """What runs, or should."""
        return list(self._children)

    def known(self) -> list[str]:
        """All that was ever started here."""
        return list(self._programs)

    def log(self, name: str) -> Path:
        """Where a process's output goes."""
        return self._state.logs / f"{name}.log"

    async def _watch(self, name: str, child: asyncio.subprocess.Process) -> None:
        deaths = Deaths(self._restarts)
        why = ""
        while True:
            code = await child.wait()
            self._died(name, code, self.log(name))
            pause = deaths.pause()
            while pause is not None:
                self._tell(f"{name} is started again in {pause:.1f} s")
                await asyncio.sleep(pause)
                try:
                    await self._begin(self._programs[name])
                except (ProcessFailed, OSError, TimeoutError) as fault:
                    why = str(fault)
                    self._tell(why)
                    await self._end(self._children.get(name))
                    pause = deaths.pause()
                else:
                    self._tell(f"{name} serves again")
                    break
            if pause is None:
                self._give_up(name, why or f"it ended with code {code}")
                return
            child = self._children[name]

    def _give_up(self, name: str, why: str) -> None:
        if not self._restarts.most:
            return
        reason = f"given up after {self._restarts.most} restarts: {why.splitlines()[0]}"
        self._given_up[name] = reason
        self._note()
        self._tell(f"{name} is {reason}; once it is mended: cbss restart {name}")

    async def _end(self, child: asyncio.subprocess.Process | None, *, kill: bool = False) -> None:
        """End a child that may run, and wait until it has."""
        if child is None or child.returncode is not None:
            return
        child.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            async with asyncio.timeout(GRACE):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()

    def _note(self) -> None:
        running = {}
        for name, child in self._children.items():
            # A child may have ended a moment ago, before we are told.
            with suppress(psutil.NoSuchProcess):
                if child.returncode is not None:
                    continue
                running[name] = (child.pid, started_at(child.pid))
        self._state.note("processes", running)
        self._state.note("given_up", self._given_up)


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-8:]
    return "\n".join(f"  {line[:300]}" for line in lines)

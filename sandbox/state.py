"""The folder that holds all state of one sandbox, and who runs it."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from sandbox.servers.privileges import elsewhere
from services.kit.files import replace_file

DEFAULT = Path(".cbss")
_QUIET_PORTS = range(15_000, 32_000)


class SandboxRuns(Exception):
    """A sandbox is already running in this folder."""


class RunsOn(Exception):
    """A sandbox that was asked to stop has not done so in time."""


class PortTaken(Exception):
    """Another program listens on a port that the sandbox needs."""


@dataclass(frozen=True, slots=True)
class State:
    """The folder."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "State":
        """The state in a folder, made if it is not there."""
        state = cls(folder.absolute())
        # Servers that run as another user pass through here; what is secret is below, and closed.
        state.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for private in (state.secrets, state.certificates, state.seed, state.logs, state.gateway):
            private.mkdir(mode=0o700, exist_ok=True)
        return state

    @property
    def secrets(self) -> Path:
        """Passwords and keys."""
        return self.folder / "secrets"

    @property
    def certificates(self) -> Path:
        """Authorities, certificates and their keys."""
        return self.folder / "certificates"

    @property
    def seed(self) -> Path:
        """What the load jobs read."""
        return self.folder / "seed"

    @property
    def logs(self) -> Path:
        """What each process says, a file for each."""
        return self.folder / "logs"

    @property
    def gateway(self) -> Path:
        """The edge's own folder."""
        return self.folder / "gateway"

    @property
    def log(self) -> Path:
        """The tiles and the checkpoint of the trail's log."""
        return self.folder / "log"

    @property
    def witness(self) -> Path:
        """What the witness remembers."""
        return self.folder / "witness"

    @property
    def postgres(self) -> Path:
        """The PostgreSQL server."""
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        """The Valkey server."""
        return self.folder / "valkey"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one to run this sandbox; SandboxRuns if somebody else does."""
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SandboxRuns(f"a sandbox is already running in {self.folder}") from None
            yield

    def is_held(self) -> bool:
        """Whether somebody runs this sandbox."""
        try:
            with self.held():
                return False
        except SandboxRuns:
            return True

    def note(self, name: str, content: Any) -> None:
        """Write down something for other commands to read."""
        replace_file(self.folder / f"{name}.json", json.dumps(content, indent=1).encode())

    def noted(self, name: str) -> Any:
        """What was written down; None if nothing was."""
        try:
            return json.loads((self.folder / f"{name}.json").read_bytes())
        except (OSError, ValueError):
            return None

    def remove(self) -> None:
        """Delete everything, also what stands elsewhere for a user who cannot come here."""
        for place in (elsewhere(self.postgres), elsewhere(self.valkey), self.folder):
            shutil.rmtree(place, ignore_errors=True)


def ended_leftovers(state: State) -> list[str]:
    """End processes of a run whose parent was killed; the names of those that were left."""
    left = []
    for name, (pid, started) in (state.noted("processes") or {}).items():
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - started) < 1:
                process.kill()
                process.wait(5)
                left.append(name)
        except psutil.Error:
            continue
    return left


def started_at(pid: int) -> float:
    """When a process began, by which a number that is used again is told apart."""
    return psutil.Process(pid).create_time()


def stop_run(state: State, patience: float = 60.0) -> bool:
    """Ask whoever runs this sandbox to stop, and wait until it has; whether there was anybody.

    RunsOn if it still runs after that many seconds.
    """
    noted = state.noted("run")
    if noted is None or not state.is_held():
        return False
    with suppress(ProcessLookupError):
        os.kill(noted["pid"], signal.SIGTERM)
    given_up = time.monotonic() + patience
    while state.is_held():
        if time.monotonic() > given_up:
            raise RunsOn(f"the mesh of process {noted['pid']} still stops after {patience:.0f} s")
        time.sleep(0.1)
    return True


def free_port() -> int:
    """A port that nobody listens on now, below those that systems give to outgoing connections:
    one of these could take it before its server does."""
    for _ in range(1000):
        port = secrets.choice(_QUIET_PORTS)
        if _is_free(port):
            return port
    raise PortTaken("no free port found")


def check_free(ports: Sequence[tuple[str, int]]) -> None:
    """PortTaken with all names whose port is taken."""
    taken = [f"{name} needs {port}" for name, port in ports if not _is_free(port)]
    if taken:
        raise PortTaken(f"ports are taken ({', '.join(taken)}); use --free-ports")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""The folder that holds all state of one sandbox, and who runs it."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.servers.privileges import elsewhere
from services.kit.files import replace_file

DEFAULT = Path(".cbss")
MARK = ".cbss-sandbox"
"""The file by which a folder of ours is recognised: only such a one is ever changed or deleted."""


class SandboxRuns(Exception):
    """A sandbox is already running in this folder."""


class NotASandbox(Exception):
    """The folder holds something else than a sandbox; it is left alone."""


@dataclass(frozen=True, slots=True)
class State:
    """The folder."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "State":
        """The state in a folder, whether there is any or not; nothing is made."""
        return cls(folder.resolve())

    @property
    def is_there(self) -> bool:
        """Whether the folder is a sandbox's."""
        return (self.folder / MARK).is_file()

    def made(self) -> "State":
        """The same, made if it is not there; NotASandbox if the folder holds something else."""
        folder = self.folder
        if folder.exists() and not self.is_there and (not folder.is_dir() or any(folder.iterdir())):
            raise NotASandbox(
                f"{self.folder} is not empty and no sandbox (it has no {MARK}); "
                "name another folder with --state"
            )
        # Servers that run as another user pass through here; what is secret is below, and closed.
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        (self.folder / MARK).touch()
        private = (self.secrets, self.certificates, self.seed, self.logs, self.gateway)
        for folder in private:
            folder.mkdir(mode=0o700, exist_ok=True)
        return self

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
    def promises(self) -> Path:
        """What the trail acknowledged, written down outside its database."""
        return self.folder / "promises"

    @property
    def witness(self) -> Path:
        """What the witness remembers."""
        return self.folder / "witness"

    @property
    def profile(self) -> Path:
        """What the command is told of the mesh, while it runs."""
        return self.folder / "profile.json"

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
        if not (self.folder / "lock").exists():
            return False
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
        """Delete everything, also what stands elsewhere for a user who cannot come here.

        NotASandbox if the folder is none; OSError if something cannot be deleted.
        """
        if not self.is_there:
            raise NotASandbox(f"{self.folder} is no sandbox (it has no {MARK}); nothing is deleted")
        for place in (elsewhere(self.postgres), elsewhere(self.valkey)):
            if place.exists():
                shutil.rmtree(place)
        # The mark last: what was deleted half can be deleted whole.
        for inside in self.folder.iterdir():
            if inside.name != MARK:
                shutil.rmtree(inside) if inside.is_dir() and not inside.is_symlink() else (
                    inside.unlink()
                )
        (self.folder / MARK).unlink()
        self.folder.rmdir()

"""As whom database servers run: as ourselves, or, if that is root, as the unprivileged user that
every system has. No account is created."""

import hashlib
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox.servers import lowered

NOBODY = 65534
SHARED = Path(tempfile.gettempdir() if not Path("/var/tmp").is_dir() else "/var/tmp")  # noqa: S108
"""Where the unprivileged user can go and files survive."""


@dataclass(frozen=True, slots=True)
class Privileges:
    """A user to run servers as; None is ourselves."""

    uid: int | None

    @classmethod
    def of_this_process(cls) -> "Privileges":
        """The least that this process can give."""
        return cls(NOBODY if hasattr(os, "geteuid") and os.geteuid() == 0 else None)

    def command(self, program: Path, *arguments: str) -> list[str]:
        """The command that runs a program as the user."""
        command = [str(program), *arguments]
        if self.uid is None:
            return command
        return [sys.executable, "-I", "-S", lowered.__file__, str(self.uid), *command]

    def folder(self, wanted: Path) -> Path:
        """A folder that belongs to the user: the one wanted, or one elsewhere that it can reach."""
        if self.uid is None:
            wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
            return wanted
        folder = wanted if _reachable(wanted) else elsewhere(wanted)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(folder, self.uid, self.uid)
        return folder

    def give(self, path: Path) -> None:
        """Hand a file over to the user."""
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)

    def program(self, installed: Path) -> Path:
        """An installed program or folder of programs, or a copy where the user can reach it."""
        if self.uid is None or _reachable(installed):
            return installed
        copy = elsewhere(installed)
        if not copy.exists():
            beside = copy.with_name(f"{copy.name}.{os.getpid()}")
            beside.mkdir(mode=0o755)
            place = beside / installed.name
            (shutil.copytree if installed.is_dir() else shutil.copy2)(installed, place)
            beside.rename(copy)
        return copy / installed.name


def elsewhere(path: Path) -> Path:
    """The folder that stands in for a path that the unprivileged user cannot reach."""
    digest = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
    return SHARED / f"cbss-{digest}"


def _reachable(path: Path) -> bool:
    """Whether everybody may pass through all folders above."""
    return all(
        above.stat().st_mode & stat.S_IXOTH for above in path.absolute().parents if above.exists()
    )

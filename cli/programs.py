"""Jobs of services that the command starts, each as the program that it is: the command knows
nothing of what is inside a service."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from cli.failures import DONE, NONSENSE, REFUSED, Refusal
from cli.mesh import check_readable
from cli.profile import Trail
from cli.words import say_json


def run_program(
    module: str,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    lines_as_json: bool = False,
    watched: bool = False,
) -> None:
    """Run a job: what it says and its code are the command's. Refusal with its last words if it
    ended in another way than a job does. One that is watched says on stderr how far it is."""
    done = _run(module, arguments, settings or {}, watched=watched)
    said = (done.stderr or "").strip()
    if done.returncode not in (DONE, REFUSED, NONSENSE) or "Traceback (most recent" in said:
        raise _failed(module, done)
    if said:
        sys.stderr.write(f"{said}\n")
    if lines_as_json:
        say_json({"code": done.returncode, "said": done.stdout.splitlines()})
    else:
        sys.stdout.write(done.stdout)
    raise typer.Exit(done.returncode)


@contextmanager
def registry_archive(trail: Trail) -> Iterator[Path]:
    """What the registry keeps, in a file that is gone afterwards; read off its database, since who
    proves the trail asks no service."""
    check_readable(trail.registry_dsn_file)
    with TemporaryDirectory(prefix="cbss-") as folder:
        path = Path(folder) / "registry.binpb"
        module = "services.registry.load.archive"
        place = {"DATABASE_OWNER_DSN_FILE": str(trail.registry_dsn_file)}
        done = _run(module, (str(path),), place)
        if done.returncode != DONE:
            raise _failed(module, done)
        yield path


def _run(
    module: str, arguments: Sequence[str], settings: Mapping[str, str], *, watched: bool = False
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if watched else subprocess.PIPE,
        text=True,
        check=False,
    )


def _failed(module: str, done: subprocess.CompletedProcess[str]) -> Refusal:
    said = (done.stderr or done.stdout or "").strip()
    last = said.splitlines()[-1] if said else f"it ended with code {done.returncode}"
    return Refusal(f"{module} could not be done: {last}")

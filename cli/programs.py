"""Jobs of services that the command starts, each as the program that it is: the command knows
nothing of what is inside a service."""

import os
import subprocess
import sys
from collections.abc import Mapping

import typer

from cli.failures import DONE, NONSENSE, REFUSED, Refusal
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
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **(settings or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if watched else subprocess.PIPE,
        text=True,
        check=False,
    )
    said = (done.stderr or "").strip()
    if done.returncode not in (DONE, REFUSED, NONSENSE) or "Traceback (most recent" in said:
        last = said.splitlines()[-1] if said else f"it ended with code {done.returncode}"
        raise Refusal(f"{module} could not be done: {last}")
    if said:
        sys.stderr.write(f"{said}\n")
    if lines_as_json:
        say_json({"code": done.returncode, "said": done.stdout.splitlines()})
    else:
        sys.stdout.write(done.stdout)
    raise typer.Exit(done.returncode)

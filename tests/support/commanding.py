"""The command `cbss`, given in this process: its code and what it says."""

import asyncio
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from cli.command import run


@dataclass(frozen=True)
class Said:
    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self):
        """All of it."""
        return self.stdout + self.stderr


def cbss(*arguments, typed=""):
    """What the command says, and its code."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(typed)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run([str(one) for one in arguments])
    finally:
        sys.stdin = before
    return Said(code, out.getvalue(), err.getvalue())


async def cbss_beside(*arguments):
    """The same beside the loop, on which a mesh may run."""
    return await asyncio.to_thread(cbss, *arguments)

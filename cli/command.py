"""The command `cbss`, put together; and what a person is told when it cannot be done."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points, version
from typing import Annotated, Any

import grpc
import typer

from cli import (
    audit,
    batch,
    buffer,
    citizen,
    coding,
    contract,
    deliberation,
    directory,
    registry,
    rights,
)
from cli.calling import refusal
from cli.failures import DONE, INTERRUPTED, REFUSED, UNEXPECTED, Refusal
from cli.mesh import Mesh, with_mesh
from cli.register import register
from cli.trail import trail
from cli.words import complain, say, say_json

PLUGINS = "cbss.commands"
"""What is installed beside the command adds its own here: the sandbox does."""
GROUPS = {
    "deliberation": deliberation.app,
    "audit": audit.app,
    "directory": directory.app,
    "registry": registry.app,
    "citizen": citizen.app,
    "batch": batch.app,
    "coding": coding.app,
    "buffer": buffer.app,
    "rights": rights.app,
    "contract": contract.app,
}

app = typer.Typer(
    help="A crossroads bank: for operators, the committee, officers, jurists and citizens.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"cbss {version('cbss-mesh')}")
        raise typer.Exit(DONE)


@app.callback()
def cbss(
    version_: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """A crossroads bank: for operators, the committee, officers, jurists and citizens."""


def profile(mesh: Mesh) -> None:
    """Show the profile that commands use here: where the mesh is, and who one is."""
    say_json(mesh.profile.model_dump(mode="json", exclude_none=True))


app.command()(with_mesh(trail))
app.command()(with_mesh(register))
app.command()(with_mesh(profile))
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)
for _plugin in entry_points(group=PLUGINS):
    _plugin.load()(app, GROUPS)


def main() -> None:
    """The command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the code to end with. Nobody is ever shown a traceback, but who
    asks for one with CBSS_TRACEBACK."""
    try:
        return _code(app, arguments)
    except Refusal as refused:
        complain(refused.lines)
        return refused.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Who read the answer has seen enough; nothing is left to be flushed to him.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except grpc.RpcError as fault:
        complain(refusal(fault).lines)
        return REFUSED
    except OSError as fault:
        complain([f"{fault.filename or 'here'}: {fault.strerror or type(fault).__name__}"])
        return REFUSED
    except Exception as fault:
        if os.environ.get("CBSS_TRACEBACK"):
            raise
        complain([f"unexpected: {_named(fault)}; CBSS_TRACEBACK=1 shows where"])
        return UNEXPECTED


def _code(command: Any, arguments: Sequence[str]) -> int:
    try:
        command(list(arguments), prog_name="cbss")
    except SystemExit as done:
        # A person who says no, or has the pipe closed, ends it so too.
        return done.code if isinstance(done.code, int) else DONE
    return DONE


def _named(fault: BaseException) -> str:
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return f"{type(fault).__name__}: {fault}".splitlines()[0]

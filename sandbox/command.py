"""The `cbss` command: a whole mesh on this machine, and what one does with it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import grpc.aio
import typer
from rich.console import Console

from sandbox import (
    audit,
    benchmarks,
    citizen,
    deliberation,
    directory,
    people,
    register,
    story,
    topology,
)
from sandbox.control import NobodyThere, Refused, ask_restart
from sandbox.country import Country, Options
from sandbox.keeping import keep
from sandbox.leftovers import RunsOn, end_leftovers, leftovers, stop_run
from sandbox.loading import JobFailed
from sandbox.ports import PortTaken
from sandbox.processes import ProcessFailed
from sandbox.reading import read_trail
from sandbox.servers.postgres import ServerRefused
from sandbox.servers.wheels import WheelMissing
from sandbox.state import DEFAULT, MARK, NotASandbox, SandboxRuns, State
from sandbox.status import all_serve, plain, shown, waited

app = typer.Typer(
    help="A crossroads bank on one machine: real servers and certificates, simulated institutions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(directory.app, name="directory")
app.add_typer(audit.app, name="audit")
app.add_typer(deliberation.app, name="deliberation")
app.add_typer(citizen.app, name="citizen")
app.command("country")(people.country)
app.command(**benchmarks.HOW)(benchmarks.bench)
app.command()(register.register)
console = Console(highlight=False, soft_wrap=True)
errors = Console(highlight=False, soft_wrap=True, stderr=True)
DEMO = Path(".cbss-demo")
"""Where the story is told unless a sandbox is named; it deletes what it left there before."""

StateOption = Annotated[
    Path, typer.Option("--state", help="The folder that holds all state of this sandbox.")
]
MessagesOption = Annotated[
    Path | None,
    typer.Option(
        "--messages",
        exists=True,
        file_okay=False,
        help="A folder of answers in the official XML form, a folder for each kind.",
    ),
]
FreePortsOption = Annotated[
    bool, typer.Option("--free-ports", help="Any free ports instead of the documented ones.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        envvar="CBSS_DATABASE_URL",
        help="An existing PostgreSQL, as a superuser, instead of our own.",
    ),
]
RedisOption = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        envvar="CBSS_REDIS_URL",
        help="An existing Redis or Valkey instead of our own.",
    ),
]
_EXPECTED = (
    ProcessFailed,
    JobFailed,
    WheelMissing,
    ServerRefused,
    PortTaken,
    SandboxRuns,
    NotASandbox,
)


@app.command()
def up(
    state: StateOption = DEFAULT,
    messages: MessagesOption = None,
    free_ports: FreePortsOption = False,
    database_url: DatabaseOption = None,
    redis_url: RedisOption = None,
    traces: Annotated[
        str | None,
        typer.Option(
            "--traces", help="Where spans of every call are sent: http://localhost:4317 (OTLP)."
        ),
    ] = None,
) -> None:
    """Start a mesh, say how to call it, and keep it until Ctrl-C."""
    options = _options(state, messages, free_ports, database_url, redis_url)
    options = replace(options, traces=traces)
    _run(lambda: keep(options, console))


@app.command()
def down(state: StateOption = DEFAULT) -> None:
    """Stop the mesh that another `cbss up` keeps; data stay."""
    found = State.at(state)
    try:
        stopped = stop_run(found)
    except RunsOn as running:
        errors.print(str(running))
        raise typer.Exit(1) from None
    left = end_leftovers(found) if not found.is_held() else []
    if stopped:
        console.print("stopped")
    if left:
        console.print(f"ended what was left: {', '.join(left)}")
    elif not stopped:
        console.print("no mesh runs here")


@app.command()
def status(
    state: StateOption = DEFAULT,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait until every process serves.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of a table.")] = False,
) -> None:
    """Show every process of the mesh; code 0 only if all of them serve, else 1."""
    found = State.at(state)
    told = asyncio.run(waited(found, wait))
    if as_json:
        typer.echo(json.dumps(plain(told)))
    elif told:
        console.print(shown(told))
    if not told:
        left = ", ".join(leftovers(found))
        errors.print(
            f"no mesh runs here, but {left} of one that was killed; cbss down ends them"
            if left
            else "no mesh runs here"
        )
    raise typer.Exit(0 if all_serve(told) else 1)


@app.command()
def restart(
    name: Annotated[str, typer.Argument(help="The process, as `cbss status` names it.")],
    state: StateOption = DEFAULT,
) -> None:
    """Start a process of the running mesh again, also one that was given up."""
    try:
        console.print(ask_restart(State.at(state), name))
    except (NobodyThere, Refused) as refused:
        errors.print(str(refused))
        raise typer.Exit(2 if str(refused).startswith("there is no process") else 1) from None


@app.command()
def reset(
    state: StateOption = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without being asked again.")] = False,
) -> None:
    """Delete all state of a sandbox that does not run: data, certificates, logs."""
    found = State.at(state)
    if not found.folder.exists():
        console.print(f"there is nothing at {found.folder}")
        return
    if not found.is_there:
        errors.print(f"{found.folder} is no sandbox (it has no {MARK}); nothing is deleted")
        raise typer.Exit(1)
    if not yes:
        typer.confirm(f"Delete {found.folder} with all its data?", abort=True)
    _begin_anew(found)
    console.print(f"deleted {found.folder}")


@app.command()
def demo(
    state: Annotated[
        Path | None,
        typer.Option("--state", help=f"A sandbox to go on in; else {DEMO}, begun anew."),
    ] = None,
    messages: MessagesOption = None,
    documented_ports: Annotated[
        bool, typer.Option("--documented-ports", help="The documented ports instead of free ones.")
    ] = False,
    database_url: DatabaseOption = None,
    redis_url: RedisOption = None,
) -> None:
    """Start a mesh, tell the story of one day on it, stop it; code 1 if it ends differently."""
    if state is None:
        state = DEMO
        if State.at(state).is_there:
            _begin_anew(State.at(state))
    options = _options(state, messages, not documented_ports, database_url, redis_url)

    async def told() -> bool:
        async with Country.up(options) as country:
            return await story.tell(country, console)

    if not _run(told):
        console.print("[red]the story did not end as the law says[/red]")
        raise typer.Exit(1)
    console.print("[green]every outcome was the expected one[/green]")


@app.command()
def trail(
    ssin: Annotated[str, typer.Argument(help="The person: 11 digits.")],
    reason: Annotated[str, typer.Option(help="Why the trail is read; this is recorded too.")],
    state: StateOption = DEFAULT,
) -> None:
    """Read, as the operator, who asked what about a person."""
    found = State.at(state)
    ports = topology.noted(found)
    if ports is None or not found.is_held():
        console.print("no mesh runs here")
        raise typer.Exit(1)
    _run(lambda: read_trail(found, ports, ssin, reason, console))


def main() -> None:
    """The command."""
    app()


def _begin_anew(found: State) -> None:
    """Delete what an earlier run left; code 1 if one is under way."""
    if found.is_held():
        errors.print(
            f"a mesh runs in {found.folder}; stop it first: cbss down --state {found.folder}"
        )
        raise typer.Exit(1)
    end_leftovers(found)
    found.remove()


def _options(
    state: Path,
    messages: Path | None,
    free_ports: bool,
    database_url: str | None,
    redis_url: str | None,
) -> Options:
    def tell(step: str) -> None:
        console.print(f"[dim]{step}[/dim]")

    def died(name: str, code: int, log: Path) -> None:
        console.print(f"[red]{name} ended by itself with code {code}; see {log}[/red]")

    return Options(state, messages, free_ports, database_url, redis_url, tell, died)


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    try:
        return asyncio.run(work())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except grpc.aio.AioRpcError as refused:
        errors.print(f"[red]{refused.code().name}: {refused.details()}[/red]")
    except _EXPECTED as fault:
        errors.print(f"[red]{fault}[/red]")
    except BaseExceptionGroup as group:
        expected, other = group.split(_EXPECTED)
        if other is not None or expected is None:
            raise
        for one in expected.exceptions:
            errors.print(f"[red]{one}[/red]")
    raise typer.Exit(1)

"""The `cbss` command: a whole mesh on this machine, and what one does with it."""

import asyncio
import importlib
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import grpc.aio
import typer
from rich.console import Console
from rich.table import Table

from sandbox import audit, citizen, deliberation, directory, people, register, story, topology
from sandbox.country import Country, Options
from sandbox.loading import JobFailed
from sandbox.processes import ProcessFailed
from sandbox.reading import read_trail
from sandbox.servers.postgres import ServerRefused
from sandbox.servers.wheels import WheelMissing
from sandbox.state import DEFAULT, PortTaken, RunsOn, SandboxRuns, State, ended_leftovers, stop_run
from sandbox.status import shown_status

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
app.command()(register.register)
console = Console(highlight=False)

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
_EXPECTED = (ProcessFailed, JobFailed, WheelMissing, ServerRefused, PortTaken, SandboxRuns)


@app.command()
def up(
    state: StateOption = DEFAULT,
    messages: MessagesOption = None,
    free_ports: FreePortsOption = False,
    database_url: DatabaseOption = None,
    redis_url: RedisOption = None,
) -> None:
    """Start a mesh, say how to call it, and keep it until Ctrl-C."""
    options = _options(state, messages, free_ports, database_url, redis_url)
    _run(lambda: _keep(options))


@app.command()
def down(state: StateOption = DEFAULT) -> None:
    """Stop the mesh that another `cbss up` keeps; data stay."""
    found = State.at(state)
    try:
        stopped = stop_run(found)
    except RunsOn as running:
        console.print(str(running))
        raise typer.Exit(1) from None
    if stopped:
        console.print("stopped")
        return
    left = ended_leftovers(found)
    console.print(f"ended what was left: {', '.join(left)}" if left else "no mesh runs here")


@app.command()
def status(state: StateOption = DEFAULT) -> None:
    """Show every process, where it listens, and whether it is healthy; code 1 if one is not."""
    found = State.at(state)
    ports = topology.noted(found)
    if ports is None or not found.is_held():
        console.print("no mesh runs here")
        raise typer.Exit(1)
    table, good = asyncio.run(shown_status(found, ports))
    console.print(table)
    raise typer.Exit(0 if good else 1)


@app.command()
def reset(state: StateOption = DEFAULT) -> None:
    """Delete all state of a sandbox that does not run: data, certificates, logs."""
    found = State.at(state)
    _begin_anew(found)
    console.print(f"deleted {found.folder}")


@app.command()
def demo(
    state: Annotated[
        Path | None,
        typer.Option("--state", help="A sandbox to go on in; else .cbss/demo, begun anew."),
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
        state = DEFAULT / "demo"
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


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which benchmark of tests/bench, such as exchange.")],
) -> None:
    """Run a benchmark of the checkout; `--help` after its name says what it takes."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        benchmark = importlib.import_module(f"tests.bench.{name}")
    except ModuleNotFoundError:
        console.print(f"there is no tests/bench/{name}.py below this folder")
        raise typer.Exit(2) from None
    benchmark.main(context.args)


def main() -> None:
    """The command."""
    app()


def _begin_anew(found: State) -> None:
    """Delete what an earlier run left; code 1 if one is under way."""
    if found.is_held():
        console.print("a mesh runs here; stop it first: cbss down")
        raise typer.Exit(1)
    ended_leftovers(found)
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


async def _keep(options: Options) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Country.up(options) as country:
        console.print(_how_to_call(country))
        await stop.wait()


def _how_to_call(country: Country) -> Table:
    client = country.institution("pcsw-ghent")
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("gRPC and JSON", f"https://{client.address}"),
        ("server name", client.server_name),
        ("trust", client.authority),
        ("certificate", client.certificate),
        ("private key", client.private_key),
        ("enterprise number", client.cbe_number),
        ("logs", country.state.logs),
    ):
        table.add_row(f"[bold]{label}[/bold]", str(value))
    table.add_row("", "README.md shows a client in twenty lines. Ctrl-C stops.")
    return table


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    try:
        return asyncio.run(work())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except grpc.aio.AioRpcError as refused:
        console.print(f"[red]{refused.code().name}: {refused.details()}[/red]")
    except _EXPECTED as fault:
        console.print(f"[red]{fault}[/red]")
    except BaseExceptionGroup as group:
        expected, other = group.split(_EXPECTED)
        if other is not None or expected is None:
            raise
        for one in expected.exceptions:
            console.print(f"[red]{one}[/red]")
    raise typer.Exit(1)

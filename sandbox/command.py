"""What the sandbox adds to the command `cbss`: a whole mesh on this machine."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.failures import Nonsense, Refusal
from cli.words import complain, console, say, say_json
from sandbox import benchmarks, cards, people, story
from sandbox.control import NobodyThere, NoSuchProcess, Refused, ask_restart
from sandbox.country import Country, Options
from sandbox.drills.restoring import drill_restoring
from sandbox.keeping import keep
from sandbox.leftovers import RunsOn, end_leftovers, leftovers, stop_run
from sandbox.loading import JobFailed
from sandbox.ports import PortTaken
from sandbox.processes import ProcessFailed
from sandbox.servers.postgres import ServerRefused
from sandbox.servers.privileges import SHARED
from sandbox.servers.wheels import WheelMissing
from sandbox.sources import sources_table
from sandbox.state import DEFAULT, NotASandbox, SandboxRuns, State
from sandbox.status import all_serve, plain, status_of, status_table
from sandbox.topology import fixed_ports

DEMO = Path(".cbss-demo")
"""Where the story is told unless a sandbox is named; it deletes what it left there before."""

StateOption = Annotated[
    Path, typer.Option("--state", help="The folder that holds all state of this sandbox.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
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
    _run(lambda: keep(options, console.print))


def down(state: StateOption = DEFAULT) -> None:
    """Stop the mesh that another `cbss up` keeps; data stay."""
    found = State.at(state)
    try:
        stopped = stop_run(found)
    except RunsOn as running:
        raise Refusal(str(running)) from None
    left = end_leftovers(found) if not found.is_held() else []
    if stopped:
        say("stopped")
    if left:
        say(f"ended what was left: {', '.join(left)}")
    elif not stopped:
        say("no mesh runs here")


def status(
    state: StateOption = DEFAULT,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait until every process serves.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show every process of the mesh, and the sources as routing sees them; code 0 only if all
    processes serve, else 1."""
    found = State.at(state)
    told, sources = asyncio.run(status_of(found, wait))
    if as_json:
        say_json(plain(told) | {"sources": sources})
    elif told:
        say(status_table(told))
        if sources:
            say(sources_table(sources))
    if not told:
        left = ", ".join(leftovers(found))
        raise Refusal(
            f"no mesh runs here, but {left} of one that was killed; cbss down ends them"
            if left
            else "no mesh runs here"
        )
    raise typer.Exit(0 if all_serve(told) else 1)


def restart(
    name: Annotated[str, typer.Argument(help="The process, as `cbss status` names it.")],
    state: StateOption = DEFAULT,
) -> None:
    """Start a process of the running mesh again, also one that was given up."""
    try:
        say(ask_restart(State.at(state), name))
    except NoSuchProcess as unknown:
        raise Nonsense(str(unknown)) from None
    except (NobodyThere, Refused) as refused:
        raise Refusal(str(refused)) from None


def reset(
    state: StateOption = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without being asked again.")] = False,
) -> None:
    """Delete all state of a sandbox that does not run: data, certificates, logs."""
    found = State.at(state)
    if not found.folder.exists():
        say(f"there is nothing at {found.folder}")
        return
    if found.is_there and not yes:
        typer.confirm(f"Delete {found.folder} with all its data?", abort=True)
    _begin_anew(found)
    say(f"deleted {found.folder}")


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
            return await story.tell(country, Console(highlight=False))

    if not _run(told):
        raise Refusal("the story did not end as the law says")
    say("every outcome was the expected one", "green")
    origin = fixed_ports().origin
    say(f"Now see it as a citizen does: make up, then {origin} in a browser.")
    say(
        "Sign in by choosing a demo citizen. The browser warns, for the authority is the sandbox's."
    )


def restore(
    state: Annotated[
        Path | None,
        typer.Option("--state", help="A folder for the sandbox of the drill; else one of its own."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, help="How long institutions call before the loss.")
    ] = 20,
    before: Annotated[
        float,
        typer.Option(min=0, help="Take up the state of so many seconds before the loss instead."),
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Destroy the database of a mesh under load, restore it, and say what was lost.

    Starts a mesh of its own, copies its database while institutions consult and register, kills it,
    deletes its folder, puts it back from the copies, and compares: what was acknowledged with what
    is there, the trail with what was signed, cosigned and promised. Code 1 if anything is missing.
    """
    with TemporaryDirectory(prefix="cbss-drill-", dir=SHARED) as folder:
        options = _options(state or Path(folder) / "state", None, True, None, None)
        report = _run(lambda: drill_restoring(options, seconds, timedelta(seconds=before)))
    if as_json:
        say_json(asdict(report))
    else:
        for line in report.lines():
            say(line)
    if not report.is_good:
        raise Refusal("not all that was acknowledged is there")


def register(app: typer.Typer, groups: Mapping[str, typer.Typer]) -> None:
    """Add the commands of the sandbox to the command, and to its groups."""
    for work in (up, down, status, restart, reset, demo):
        app.command()(work)
    app.command("people")(people.write_people)
    app.command(**benchmarks.HOW)(benchmarks.bench)
    groups["citizen"].command()(cards.card)
    drills = typer.Typer(help="What must be possible on a bad day, done on a sandbox of its own.")
    drills.command()(restore)
    app.add_typer(drills, name="drill")


def _begin_anew(found: State) -> None:
    """Delete what an earlier run left; Refusal if one is under way, or if it is no sandbox."""
    if found.is_held():
        raise Refusal(
            f"a mesh runs in {found.folder}; stop it first: cbss down --state {found.folder}"
        )
    try:
        end_leftovers(found)
        found.remove()
    except NotASandbox as other:
        raise Refusal(str(other)) from None


def _options(
    state: Path,
    messages: Path | None,
    free_ports: bool,
    database_url: str | None,
    redis_url: str | None,
) -> Options:
    def tell(step: str) -> None:
        say(step, "dim")

    def died(name: str, code: int, log: Path) -> None:
        complain([f"{name} ended by itself with code {code}; see {log}"])

    return Options(state, messages, free_ports, database_url, redis_url, tell, died)


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    try:
        return asyncio.run(work())
    except _EXPECTED as fault:
        raise Refusal(str(fault)) from None
    except BaseExceptionGroup as group:
        expected, other = group.split(_EXPECTED)
        if other is not None or expected is None:
            raise
        raise Refusal(*(str(one) for one in expected.exceptions)) from None

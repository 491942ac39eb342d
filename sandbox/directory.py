"""`cbss directory`: fills a reference directory, and reads it as an operator does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import grpc.aio
import typer
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cbss.directory.v1 import subscription_pb2
from google.type import date_pb2
from rich.console import Console
from rich.table import Table

from sandbox import topology
from sandbox.client import Identity
from sandbox.credentials import Vault
from sandbox.population import populate_command
from sandbox.state import DEFAULT, State

app = typer.Typer(help="The reference directory: populate, preview, figures.", no_args_is_help=True)
app.command("populate")(populate_command)
console = Console(highlight=False)

StateOption = Annotated[Path, typer.Option("--state", help="The folder of the sandbox.")]


@app.command()
def preview(
    ssin: Annotated[str, typer.Argument(help="The person: 11 digits.")],
    data_contract: Annotated[str, typer.Argument(help="Whose data would change.")],
    reason: Annotated[str, typer.Option(help="Why it is asked; this is recorded.")],
    event_type: Annotated[str, typer.Option(help="Which event, for example R010.")] = "",
    state: StateOption = DEFAULT,
) -> None:
    """Show who would be told of an event about a person."""
    event = subscription_pb2.PersonEvent(
        ssin=ssin, data_contract=data_contract, event_type=event_type
    )
    request = pb.PreviewSubscribersRequest(event=event, reason=reason)
    answer = _called(state, lambda stub: stub.PreviewSubscribers(request, timeout=10))
    for one in answer.subscribers:
        given = one.subscription
        fields = ", ".join(one.granted_fields) or "notice only"
        codes = ", ".join(one.quality_codes)
        console.print(f"{given.cbe_number} {codes} {given.legal_context}: {fields}")
    console.print(f"{len(answer.subscribers)} would be told; ticket {answer.ticket_cbss}")


@app.command()
def figures(
    first: Annotated[str, typer.Argument(help="The first day, yyyy-mm-dd.")],
    last: Annotated[str, typer.Argument(help="The last day, yyyy-mm-dd.")],
    state: StateOption = DEFAULT,
) -> None:
    """Show how much the directory knew, month by month; `services.directory.bulk` counts."""
    request = pb.ListFiguresRequest()
    for text, day in ((first, request.period.begin_date), (last, request.period.end_date)):
        day.CopyFrom(_day(text))
    answer = _called(state, lambda stub: stub.ListFigures(request, timeout=10))
    table = Table("month", "sector", "persons", "average actors", "active dossiers", box=None)
    for one in answer.figures:
        table.add_row(
            f"{one.month.year}-{one.month.month:02d}",
            str(one.sector) if one.HasField("sector") else "all",
            f"{one.persons:,}",
            f"{one.average_actors:.2f}",
            f"{one.active_dossiers:,}",
        )
    console.print(table)


def _day(text: str) -> date_pb2.Date:
    try:
        told = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is no day, yyyy-mm-dd") from None
    return date_pb2.Date(year=told.year, month=told.month, day=told.day)


def _called(state: Path, work: Callable[[rpc.DirectoryServiceStub], Awaitable[Any]]) -> Any:
    """What the directory answers to an operator; or its refusal, shown, and code 1."""
    found = State.at(state)
    ports = topology.noted(found)
    if ports is None or not found.is_held():
        console.print("no mesh runs here")
        raise typer.Exit(1)
    vault = Vault(found)
    files = vault.workload("operator")
    identity = Identity(
        "",
        files.certificate,
        files.private_key,
        vault.authority_file("mesh"),
        ports.address("directory"),
        "directory",
    )

    async def called() -> Any:
        async with identity.channel() as channel:
            return await work(rpc.DirectoryServiceStub(channel))

    try:
        return asyncio.run(called())
    except grpc.aio.AioRpcError as refused:
        console.print(f"[red]{refused.code().name}: {refused.details()}[/red]")
        raise typer.Exit(1) from None

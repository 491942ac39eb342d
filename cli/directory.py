"""`cbss directory`: reads a reference directory as an operator does."""

from pathlib import Path
from typing import Annotated, Any

import typer
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cbss.directory.v1 import subscription_pb2
from rich.table import Table

from cli.calling import ask
from cli.mesh import Mesh, with_mesh
from cli.people import OPERATOR, AsOperator
from cli.programs import run_program
from cli.values import ReasonOption, SsinArgument, encode_period, parse_day
from cli.words import plain, say, say_json

app = typer.Typer(
    help="The reference directory: populate, preview, figures.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
STUB = rpc.DirectoryServiceStub


def preview(
    mesh: Mesh,
    ssin: SsinArgument,
    data_contract: Annotated[str, typer.Argument(help="Whose data would change.")],
    reason: ReasonOption,
    event_type: Annotated[str, typer.Option(help="Which event, for example R010.")] = "",
    operator: AsOperator = OPERATOR,
) -> None:
    """Show who would be told of an event about a person."""
    event = subscription_pb2.PersonEvent(
        ssin=ssin, data_contract=data_contract, event_type=event_type
    )
    request = pb.PreviewSubscribersRequest(event=event, reason=reason)
    answer = ask(mesh.person(operator, "directory"), STUB, "PreviewSubscribers", request)
    if mesh.as_json:
        say_json(plain(answer))
        return
    for one in answer.subscribers:
        given = one.subscription
        fields = ", ".join(one.granted_fields) or "notice only"
        codes = ", ".join(one.quality_codes)
        say(f"{given.cbe_number} {codes} {given.legal_context}: {fields}")
    say(f"{len(answer.subscribers)} would be told; ticket {answer.ticket_cbss}")


def figures(
    mesh: Mesh,
    first: Annotated[Any, typer.Argument(parser=parse_day, metavar="FIRST", help="A day.")],
    last: Annotated[Any, typer.Argument(parser=parse_day, metavar="LAST", help="A day.")],
    operator: AsOperator = OPERATOR,
) -> None:
    """Show how much the directory knew, month by month; `services.directory.bulk` counts."""
    request = pb.ListFiguresRequest(period=encode_period(first, last))
    answer = ask(mesh.person(operator, "directory"), STUB, "ListFigures", request)
    if mesh.as_json:
        say_json(plain(answer))
        return
    table = Table("month", "sector", "persons", "average actors", "active dossiers", box=None)
    for one in answer.figures:
        table.add_row(
            f"{one.month.year}-{one.month.month:02d}",
            str(one.sector) if one.HasField("sector") else "all",
            f"{one.persons:,}",
            f"{one.average_actors:.2f}",
            f"{one.active_dossiers:,}",
        )
    say(table)


def populate(
    database_owner_dsn_file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="A file with the address of the directory's database."
        ),
    ],
    persons: Annotated[
        int | None, typer.Option(min=1, help="How many persons; as many as the country has.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many connections load.")] = 2,
) -> None:
    """Fill a directory with generated dossiers; goes on where it was interrupted."""
    run_program(
        "services.directory.load.population",
        str(database_owner_dsn_file),
        *(("--persons", str(persons)) if persons else ()),
        *("--workers", str(workers)),
        watched=True,
    )


app.command()(populate)
app.command()(with_mesh(preview))
app.command()(with_mesh(figures))

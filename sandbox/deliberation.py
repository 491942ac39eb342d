"""`cbss deliberation`: leads deliberations through their life, and examines decisions."""

from typing import Annotated
from uuid import uuid4

import typer
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from rich.table import Table

from sandbox import examining
from sandbox.operating import (
    ME,
    MEMBER,
    AsEither,
    AsMember,
    AsOption,
    FileArgument,
    StateOption,
    call,
    console,
    day,
    organization,
)
from sandbox.state import DEFAULT

app = typer.Typer(help="Deliberations: propose, enact, suspend, explain.", no_args_is_help=True)
app.command()(examining.explain)
app.command("dry-run")(examining.dry_run)
app.command()(examining.replay)
app.command("test")(examining.try_policy)

NumberArgument = Annotated[str, typer.Argument(help="For example IVC/KSZG/99/002.")]
VersionArgument = Annotated[int, typer.Argument(min=1, help="The version.")]


@app.command()
def propose(file: FileArgument, operator: AsOption = ME, state: StateOption = DEFAULT) -> None:
    """Propose a deliberation or an amendment; errors are shown by line."""
    request = pb.ProposeDeliberationRequest(
        request_id=str(uuid4()), document=file.read_text("utf-8")
    )
    answer = call(state, operator, lambda stub: stub.ProposeDeliberation(request), file)
    _show_line(answer.deliberation)


@app.command()
def diff(file: FileArgument, operator: AsEither = ME, state: StateOption = DEFAULT) -> None:
    """Show how a file differs from the version that was enacted last."""
    request = pb.CompareDeliberationRequest(document=file.read_text("utf-8"))
    answer = call(state, operator, lambda stub: stub.CompareDeliberation(request), file)
    console.print(
        f"compared with version {answer.compared_version}"
        if answer.compared_version
        else "nothing was enacted under this number"
    )
    for one in answer.differences:
        console.print(f"  [bold]{one.field}[/bold]")
        for sign, said, colour in (("-", one.before, "red"), ("+", one.after, "green")):
            if said:
                console.print(f"    [{colour}]{sign} {said}[/{colour}]")


@app.command()
def enact(
    number: NumberArgument,
    version: VersionArgument,
    member: AsMember = MEMBER,
    state: StateOption = DEFAULT,
) -> None:
    """Put a deliberation into force, or again; as a member of the committee."""
    request = pb.EnactDeliberationRequest(request_id=str(uuid4()), number=number, version=version)
    _show_line(call(state, member, lambda stub: stub.EnactDeliberation(request)).deliberation)


@app.command()
def suspend(
    number: NumberArgument,
    version: VersionArgument,
    operator: AsEither = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Suspend a deliberation at once."""
    request = pb.SuspendDeliberationRequest(request_id=str(uuid4()), number=number, version=version)
    _show_line(call(state, operator, lambda stub: stub.SuspendDeliberation(request)).deliberation)


@app.command()
def withdraw(
    number: NumberArgument,
    version: VersionArgument,
    operator: AsEither = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Withdraw a deliberation, or a proposal, for good."""
    request = pb.WithdrawDeliberationRequest(
        request_id=str(uuid4()), number=number, version=version
    )
    answer = call(state, operator, lambda stub: stub.WithdrawDeliberation(request))
    _show_line(answer.deliberation)


@app.command()
def accede(
    number: NumberArgument,
    recipient: Annotated[str, typer.Argument(help="A place (17.1) or an enterprise number.")],
    regulation: Annotated[str, typer.Option(help="The rule of its own on which it rests.")],
    begin: Annotated[str, typer.Option("--from", help="The first day, yyyy-mm-dd.")],
    end: Annotated[str | None, typer.Option("--until", help="The last day, yyyy-mm-dd.")] = None,
    operator: AsOption = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Prepare an accession to a general deliberation, or end one sooner."""
    request = pb.AccedeToDeliberationRequest(
        request_id=str(uuid4()),
        number=number,
        recipient=organization(recipient),
        valid_from=day(begin),
        valid_until=day(end) if end else None,
        regulation=regulation,
    )
    answer = call(state, operator, lambda stub: stub.AccedeToDeliberation(request))
    _show_line(answer.deliberation)
    for one in answer.deliberation.proposed_accessions:
        if one.accession.recipient.organization == request.recipient:
            console.print("  waits for the committee: cbss deliberation enact-accession")


@app.command("enact-accession")
def enact_accession(
    number: NumberArgument,
    recipient: Annotated[str, typer.Argument(help="A place (17.1) or an enterprise number.")],
    begin: Annotated[str, typer.Option("--from", help="The first day, as it was prepared.")],
    member: AsMember = MEMBER,
    state: StateOption = DEFAULT,
) -> None:
    """Let an accession count that was prepared; as a member of the committee."""
    request = pb.EnactAccessionRequest(
        request_id=str(uuid4()),
        number=number,
        recipient=organization(recipient),
        valid_from=day(begin),
    )
    answer = call(state, member, lambda stub: stub.EnactAccession(request))
    _show_line(answer.deliberation)


@app.command("list")
def list_(operator: AsEither = ME, state: StateOption = DEFAULT) -> None:
    """List all deliberations, proposals too."""
    request = pb.ListDeliberationsRequest()
    while True:
        page = call(state, operator, lambda stub: stub.ListDeliberations(request))
        for one in page.deliberations:
            _show_line(one)
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


@app.command()
def show(
    number: NumberArgument,
    version: Annotated[int, typer.Argument(help="The version; the latest unless told.")] = 0,
    operator: AsEither = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Show all of one deliberation."""
    request = pb.GetDeliberationRequest(number=number, version=version)
    console.print(
        str(call(state, operator, lambda stub: stub.GetDeliberation(request)).deliberation)
    )


def _show_line(one: deliberation_pb2.Deliberation) -> None:
    state = deliberation_pb2.DeliberationState.Name(one.state)
    table = Table.grid(padding=(0, 2))
    table.add_row(
        f"[bold]{one.number}[/bold]",
        f"version {one.version}",
        state.removeprefix("DELIBERATION_STATE_"),
        one.title.en,
    )
    console.print(table)

"""`cbss deliberation`: leads deliberations through their life, and examines decisions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc
from rich.text import Text

from cli import decisions, policy
from cli.calling import ask, ask_all
from cli.mesh import Mesh, with_mesh
from cli.people import MEMBER, OPERATOR, AsEither, AsMember, AsOperator
from cli.values import (
    FileArgument,
    check_order,
    encode_day,
    parse_day,
    parse_recipient,
    read_text,
)
from cli.words import plain, say, say_json

app = typer.Typer(
    help="Deliberations: propose, enact, suspend, explain.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(with_mesh(decisions.explain))
app.command("dry-run")(with_mesh(decisions.dry_run))
app.command()(with_mesh(decisions.replay))
app.command("test")(policy.try_policy)

NumberArgument = Annotated[str, typer.Argument(help="For example IVC/KSZG/99/002.")]
VersionArgument = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The version.")]
RecipientArgument = Annotated[
    Any, typer.Argument(parser=parse_recipient, help="A place (17.1) or an enterprise number.")
]
STUB = rpc.DeliberationServiceStub


def _call(mesh: Mesh, who: str, method: str, request: Any, file: Path | None = None) -> Any:
    return ask(mesh.person(who, "access"), STUB, method, request, file)


def propose(mesh: Mesh, file: FileArgument, operator: AsOperator = OPERATOR) -> None:
    """Propose a deliberation or an amendment; errors are shown by line."""
    request = pb.ProposeDeliberationRequest(request_id=str(uuid4()), document=read_text(file))
    _show(mesh, [_call(mesh, operator, "ProposeDeliberation", request, file).deliberation])


def diff(mesh: Mesh, file: FileArgument, operator: AsEither = OPERATOR) -> None:
    """Show how a file differs from the version that was enacted last."""
    request = pb.CompareDeliberationRequest(document=read_text(file))
    answer = _call(mesh, operator, "CompareDeliberation", request, file)
    if mesh.as_json:
        say_json(plain(answer))
        return
    say(
        f"compared with version {answer.compared_version}"
        if answer.compared_version
        else "nothing was enacted under this number"
    )
    for one in answer.differences:
        say(f"  {one.field}", "bold")
        for sign, said, colour in (("-", one.before, "red"), ("+", one.after, "green")):
            if said:
                say(f"    {sign} {said}", colour)


def enact(
    mesh: Mesh, number: NumberArgument, version: VersionArgument, member: AsMember = MEMBER
) -> None:
    """Put a deliberation into force, or again; as a member of the committee."""
    request = pb.EnactDeliberationRequest(request_id=str(uuid4()), number=number, version=version)
    _show(mesh, [_call(mesh, member, "EnactDeliberation", request).deliberation])


def suspend(
    mesh: Mesh, number: NumberArgument, version: VersionArgument, operator: AsEither = OPERATOR
) -> None:
    """Suspend a deliberation at once."""
    request = pb.SuspendDeliberationRequest(request_id=str(uuid4()), number=number, version=version)
    _show(mesh, [_call(mesh, operator, "SuspendDeliberation", request).deliberation])


def withdraw(
    mesh: Mesh, number: NumberArgument, version: VersionArgument, operator: AsEither = OPERATOR
) -> None:
    """Withdraw a deliberation, or a proposal, for good."""
    request = pb.WithdrawDeliberationRequest(
        request_id=str(uuid4()), number=number, version=version
    )
    _show(mesh, [_call(mesh, operator, "WithdrawDeliberation", request).deliberation])


def accede(
    mesh: Mesh,
    number: NumberArgument,
    recipient: RecipientArgument,
    regulation: Annotated[str, typer.Option(help="The rule of its own on which it rests.")],
    begin: Annotated[
        Any, typer.Option("--from", parser=parse_day, metavar="DAY", help="The first day.")
    ],
    end: Annotated[
        Any, typer.Option("--until", parser=parse_day, metavar="DAY", help="The last day.")
    ] = None,
    operator: AsOperator = OPERATOR,
) -> None:
    """Prepare an accession to a general deliberation, or end one sooner."""
    if end is not None:
        check_order(begin, end)
    request = pb.AccedeToDeliberationRequest(
        request_id=str(uuid4()),
        number=number,
        recipient=recipient,
        valid_from=encode_day(begin),
        valid_until=encode_day(end) if end else None,
        regulation=regulation,
    )
    told = _call(mesh, operator, "AccedeToDeliberation", request).deliberation
    _show(mesh, [told])
    waiting = [one.accession.recipient.organization for one in told.proposed_accessions]
    if recipient in waiting and not mesh.as_json:
        say("  waits for the committee: cbss deliberation enact-accession")


def enact_accession(
    mesh: Mesh,
    number: NumberArgument,
    recipient: RecipientArgument,
    begin: Annotated[
        Any, typer.Option("--from", parser=parse_day, metavar="DAY", help="The first day of it.")
    ],
    member: AsMember = MEMBER,
) -> None:
    """Let an accession count that was prepared; as a member of the committee."""
    request = pb.EnactAccessionRequest(
        request_id=str(uuid4()),
        number=number,
        recipient=recipient,
        valid_from=encode_day(begin),
    )
    _show(mesh, [_call(mesh, member, "EnactAccession", request).deliberation])


def list_(mesh: Mesh, operator: AsEither = OPERATOR) -> None:
    """List all deliberations, proposals too."""
    identity, request = mesh.person(operator, "access"), pb.ListDeliberationsRequest()
    _show(mesh, ask_all(identity, STUB, "ListDeliberations", request, "deliberations"))


def show(
    mesh: Mesh,
    number: NumberArgument,
    version: Annotated[
        int, typer.Argument(min=0, max=2**31 - 1, help="The version; the latest unless told.")
    ] = 0,
    operator: AsEither = OPERATOR,
) -> None:
    """Show all of one deliberation."""
    request = pb.GetDeliberationRequest(number=number, version=version)
    told = _call(mesh, operator, "GetDeliberation", request).deliberation
    if mesh.as_json:
        say_json(plain(told))
    else:
        say(str(told))


for _work in (propose, diff, enact, suspend, withdraw, accede, show):
    app.command()(with_mesh(_work))
app.command("enact-accession")(with_mesh(enact_accession))
app.command("list")(with_mesh(list_))


def _show(mesh: Mesh, told: Sequence[deliberation_pb2.Deliberation]) -> None:
    if mesh.as_json:
        say_json([plain(one) for one in told])
        return
    for one in told:
        state = deliberation_pb2.DeliberationState.Name(one.state)
        line = Text(one.number, "bold").append(
            f"  version {one.version}  {state.removeprefix('DELIBERATION_STATE_')}  {one.title.en}",
            "not bold",
        )
        say(line)

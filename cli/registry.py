"""`cbss registry`: who belongs to the network, on which keys, and which data contracts there are.

To open takes two: an operator prepares, a member of the committee approves. What withdraws is in
force at once. An institution prepares changes of its own entry with `--own`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from cbss.registry.v1 import change_pb2
from cbss.registry.v1 import registry_service_pb2 as pb
from cbss.registry.v1 import registry_service_pb2_grpc as rpc

from cli.calling import ask, ask_all
from cli.entries import parse_key, read_contract, read_organization, read_volumes, show_change
from cli.mesh import Mesh, with_mesh
from cli.people import MEMBER, OPERATOR, AsEither, AsMember, AsOperator
from cli.values import FileArgument
from cli.words import plain, say, say_json

app = typer.Typer(
    help="Organizations, keys, officers, volumes and data contracts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
STUB = rpc.RegistryServiceStub

OrganizationArgument = Annotated[
    str, typer.Argument(help="Its name in the profile, or its enterprise number.")
]
KeyArgument = Annotated[
    str,
    typer.Argument(
        parser=parse_key,
        metavar="KEY",
        help="A certificate, PEM, or the SHA-256 of its SubjectPublicKeyInfo in hexadecimal.",
    ),
]
ActArgument = Annotated[str, typer.Argument(metavar="ACT", help="The act, by its identification.")]
AsItself = Annotated[
    bool, typer.Option("--own", help="As a program of the organization itself, at the edge.")
]


def register_organization(mesh: Mesh, file: FileArgument, operator: AsOperator = OPERATOR) -> None:
    """Prepare the admission of an organization, or what replaces all that is known of it. The file
    has the fields of cbss.registry.v1.Organization, in YAML."""
    change = change_pb2.Change(organization=read_organization(file))
    _prepare(mesh, operator, change, file)


def withdraw_organization(
    mesh: Mesh, organization: OrganizationArgument, operator: AsOperator = OPERATOR
) -> None:
    """End the membership of an organization, at once: none of its keys is accepted any more."""
    number = mesh.organization(organization).cbe_number
    _prepare(mesh, operator, change_pb2.Change(withdrawn_organization=number))


def set_volumes(
    mesh: Mesh,
    organization: OrganizationArgument,
    file: FileArgument,
    operator: AsOperator = OPERATOR,
    *,
    own: AsItself = False,
) -> None:
    """Replace the volumes that an organization announced; more than before takes two. The file
    lists cbss.registry.v1.ExpectedVolume under `expected_volumes`, in YAML."""
    number = mesh.organization(organization).cbe_number
    volumes = change_pb2.VolumesOf(cbe_number=number, expected_volumes=read_volumes(file))
    change = change_pb2.Change(volumes=volumes)
    _prepare(mesh, operator, change, file, own=organization if own else "")


def register_contract(
    mesh: Mesh,
    file: FileArgument,
    descriptors: Annotated[
        Path,
        typer.Option(
            "--descriptors",
            exists=True,
            dir_okay=False,
            help="Its messages, as protoc --include_imports --descriptor_set_out writes them.",
        ),
    ],
    operator: AsOperator = OPERATOR,
) -> None:
    """Register a data contract, or a new version of one, which deliberations can name then. The
    file has the fields of cbss.registry.v1.DataContract, in YAML."""
    change = change_pb2.Change(data_contract=read_contract(file, descriptors))
    _prepare(mesh, operator, change, file)


def retire_contract(
    mesh: Mesh,
    code: Annotated[str, typer.Argument(help="The data contract.")],
    version: Annotated[int, typer.Argument(min=1, max=9999, help="Its version.")],
    operator: AsOperator = OPERATOR,
) -> None:
    """Retire a version of a data contract, at once: nobody may ask for it any more."""
    named = change_pb2.ContractVersion(code=code, version=version)
    _prepare(mesh, operator, change_pb2.Change(retired_contract=named))


def list_(
    mesh: Mesh,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only those that wait for a second person.")
    ] = False,
    operator: AsEither = OPERATOR,
) -> None:
    """List what was prepared, the last first."""
    request = pb.ListActsRequest(waiting_only=waiting)
    _show(mesh, ask_all(mesh.person(operator, "registry"), STUB, "ListActs", request, "acts"))


def approve(mesh: Mesh, act: ActArgument, member: AsMember = MEMBER) -> None:
    """Approve an act, as a member of the committee; it is in force once the trail has it."""
    _decide(mesh, act, member, approved=True)


def refuse(mesh: Mesh, act: ActArgument, member: AsMember = MEMBER) -> None:
    """Refuse an act, as a member of the committee."""
    _decide(mesh, act, member, approved=False)


def entry(mesh: Mesh, organization: OrganizationArgument) -> None:
    """Show an organization its own entry and what waits about it, with its program's key."""
    asker = mesh.program(organization)
    answer = ask(asker, STUB, "GetOwnEntry", pb.GetOwnEntryRequest())
    if mesh.as_json:
        say_json(plain(answer))
        return
    say(str(answer.organization).rstrip())
    _show(mesh, answer.waiting_acts, nothing="nothing waits")


KEYS = {
    "admit-key": ("admitted_key", "Prepare the admission of one more key of its programs."),
    "withdraw-key": ("withdrawn_key", "Accept a key of its programs no more, at once."),
    "name-officer": ("named_officer", "Prepare the naming of an officer, by the key."),
    "dismiss-officer": ("dismissed_officer", "Accept the key of an officer no more, at once."),
}
"""What is done with a key: the field of the change, and what the command says of itself."""


def _with_key(step: str) -> Callable[..., None]:
    def work(
        mesh: Mesh,
        organization: OrganizationArgument,
        fingerprint: KeyArgument,
        operator: AsOperator = OPERATOR,
        *,
        own: AsItself = False,
    ) -> None:
        number = mesh.organization(organization).cbe_number
        named = change_pb2.KeyOf(cbe_number=number, public_key_sha256=fingerprint)
        change = change_pb2.Change()
        getattr(change, step).CopyFrom(named)
        _prepare(mesh, operator, change, own=organization if own else "")

    return work


for _name, (_step, _said) in KEYS.items():
    app.command(_name, help=_said)(with_mesh(_with_key(_step)))
app.command("set-volumes")(with_mesh(set_volumes))
for _act in (register_organization, withdraw_organization, register_contract, retire_contract):
    app.command(_act.__name__.replace("_", "-"))(with_mesh(_act))
for _decision in (approve, refuse, entry):
    app.command()(with_mesh(_decision))
app.command("list")(with_mesh(list_))


def _prepare(
    mesh: Mesh,
    operator: str,
    change: change_pb2.Change,
    file: Path | None = None,
    *,
    own: str = "",
) -> None:
    """Prepare an act; as the organization that is named itself, or as an operator."""
    act_id = str(uuid4())
    request: Any
    if own:
        request = pb.PrepareOwnActRequest(act_id=act_id, changes=[change])
        answer = ask(mesh.program(own), STUB, "PrepareOwnAct", request, file)
    else:
        request = pb.PrepareActRequest(act_id=act_id, changes=[change])
        answer = ask(mesh.person(operator, "registry"), STUB, "PrepareAct", request, file)
    _show(mesh, [answer.act])


def _decide(mesh: Mesh, act: str, member: str, *, approved: bool) -> None:
    request = pb.DecideActRequest(act_id=act, approved=approved)
    answer = ask(mesh.person(member, "registry"), STUB, "DecideAct", request)
    _show(mesh, [answer.act])


def _show(mesh: Mesh, acts: Sequence[change_pb2.Act], nothing: str = "nothing") -> None:
    if mesh.as_json:
        say_json([plain(one) for one in acts])
        return
    for one in acts:
        state = change_pb2.ActState.Name(one.state).removeprefix("ACT_STATE_")
        decided = f", decided by {one.decided_by}" if one.decided_by else ""
        say(f"{one.act_id}  {state}  prepared by {one.prepared_by}{decided}", "bold")
        for change in one.changes:
            say(f"  {show_change(change)}")
        if one.failure:
            say(f"  could not take effect: {one.failure}", "red")
        if one.state == change_pb2.ACT_STATE_PREPARED:
            say(f"  waits for a second person: cbss registry approve {one.act_id}")
    if not acts:
        say(nothing)

"""`cbss coding`: projects of the trusted third party, led by people; and what their sources send
and their recipients get, as programs do.

To open takes two: an operator prepares, a member of the committee approves.
"""

from typing import Annotated, Any
from uuid import uuid4

import typer
from cbss.coding.v1 import project_pb2
from cbss.coding.v1 import project_service_pb2 as pb
from cbss.coding.v1 import project_service_pb2_grpc as rpc
from cbss.coding.v1 import reidentification_service_pb2 as list_pb
from cbss.coding.v1 import reidentification_service_pb2_grpc as list_rpc

from cli.calling import ask, ask_all
from cli.entries import read_plan
from cli.mesh import Mesh, with_mesh
from cli.people import MEMBER, OPERATOR, AsEither, AsMember, AsOperator
from cli.rows import fetch, number, read_codes, send, tell_meant
from cli.values import FileArgument
from cli.words import plain, say, say_json

app = typer.Typer(
    help="Coded data: projects, numbers, rows, deliveries.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
STUB = rpc.ProjectServiceStub
ProjectArgument = Annotated[
    str, typer.Argument(metavar="PROJECT", help="The project, by its identification.")
]
ListArgument = Annotated[
    str, typer.Argument(metavar="LIST", help="The list of codes, by its identification.")
]
Remark = Annotated[str, typer.Option("--remark", help="Why, for everybody to read.")]


def request(
    mesh: Mesh,
    file: FileArgument,
    project: Annotated[str, typer.Option(help="Its identification; made if it is not told.")] = "",
    operator: AsOperator = OPERATOR,
) -> None:
    """Request a project. The file has the fields of cbss.coding.v1.ProjectPlan, in YAML."""
    asked = pb.RequestProjectRequest(project_id=project or str(uuid4()), plan=read_plan(file))
    answer = ask(mesh.person(operator, "coding"), STUB, "RequestProject", asked, file)
    _show(mesh, answer.project)


def assess(
    mesh: Mesh,
    project: ProjectArgument,
    remark: Remark = "",
    operator: AsOperator = OPERATOR,
    *,
    feasible: Annotated[bool, typer.Option(help="Whether the bank can do it.")] = True,
) -> None:
    """Say whether the bank can do what is requested."""
    asked = pb.AssessProjectRequest(project_id=project, feasible=feasible, remark=remark)
    _step(mesh, operator, "AssessProject", asked)


def approve(
    mesh: Mesh, project: ProjectArgument, remark: Remark = "", member: AsMember = MEMBER
) -> None:
    """Approve a project, as a member of the committee: the deliberation covers it."""
    asked = pb.DecideProjectRequest(project_id=project, approved=True, remark=remark)
    _step(mesh, member, "DecideProject", asked)


def refuse(
    mesh: Mesh, project: ProjectArgument, remark: Remark = "", member: AsMember = MEMBER
) -> None:
    """Refuse a project, as a member of the committee."""
    _step(mesh, member, "DecideProject", pb.DecideProjectRequest(project_id=project, remark=remark))


def open_(mesh: Mesh, project: ProjectArgument, operator: AsOperator = OPERATOR) -> None:
    """Open an approved project: make its key, and let its sources send."""
    _step(mesh, operator, "OpenProject", pb.OpenProjectRequest(project_id=project))


def release(mesh: Mesh, project: ProjectArgument, operator: AsOperator = OPERATOR) -> None:
    """Join and measure what the sources sent, and let the recipient have it."""
    _step(mesh, operator, "ReleaseDelivery", pb.ReleaseDeliveryRequest(project_id=project))


def close(
    mesh: Mesh, project: ProjectArgument, remark: Remark = "", person: AsEither = OPERATOR
) -> None:
    """Close a project: destroy its key and all that is held, for good."""
    _step(mesh, person, "CloseProject", pb.CloseProjectRequest(project_id=project, remark=remark))


def identify(
    mesh: Mesh,
    project: ProjectArgument,
    ground: Annotated[str, typer.Argument(help="The ground, as the deliberation names it.")],
    source: Annotated[str, typer.Argument(help="Who is told, by the name in the profile.")],
    file: FileArgument,
    remark: Annotated[str, typer.Option("--remark", help="Why.")],
    operator: AsOperator = OPERATOR,
) -> None:
    """Request that a source is told which of its persons are meant: a code a line, hexadecimal."""
    asked = list_pb.RequestReidentificationRequest(
        reidentification_id=str(uuid4()),
        project_id=project,
        ground=ground,
        source_cbe_number=mesh.organization(source).cbe_number,
        codes=read_codes(file),
        remark=remark,
    )
    _list_step(mesh, operator, "RequestReidentification", asked)


def allow(mesh: Mesh, named: ListArgument, member: AsMember = MEMBER) -> None:
    """Approve a list of codes, as a member of the committee."""
    asked = list_pb.DecideReidentificationRequest(reidentification_id=named, approved=True)
    _list_step(mesh, member, "DecideReidentification", asked)


def deny(mesh: Mesh, named: ListArgument, member: AsMember = MEMBER) -> None:
    """Refuse a list of codes, as a member of the committee."""
    asked = list_pb.DecideReidentificationRequest(reidentification_id=named)
    _list_step(mesh, member, "DecideReidentification", asked)


def end(mesh: Mesh, named: ListArgument, person: AsEither = OPERATOR) -> None:
    """End a list of codes: it is answered no more."""
    asked = list_pb.EndReidentificationRequest(reidentification_id=named)
    _list_step(mesh, person, "EndReidentification", asked)


def _list_step(mesh: Mesh, person: str, rpc_name: str, asked: Any) -> None:
    stub = list_rpc.ReidentificationServiceStub
    one = ask(mesh.person(person, "coding"), stub, rpc_name, asked).reidentification
    if mesh.as_json:
        say_json(plain(one))
        return
    state = list_pb.ReidentificationState.Name(one.state)
    say(f"{one.reidentification_id}  {state.removeprefix('REIDENTIFICATION_STATE_')}", "bold")
    say(f"  {one.code_count:,} codes for {one.source_cbe_number} on {one.ground}")


def list_(mesh: Mesh, person: AsEither = OPERATOR) -> None:
    """List all projects, with what each received."""
    identity = mesh.person(person, "coding")
    found = ask_all(identity, STUB, "ListProjects", pb.ListProjectsRequest(), "projects")
    if mesh.as_json:
        say_json([plain(one) for one in found])
        return
    for one in found:
        say(_line(one))
    if not found:
        say("nothing")


def show(mesh: Mesh, project: ProjectArgument, person: AsEither = OPERATOR) -> None:
    """Show a project, every step of its life and what was received."""
    _step(mesh, person, "GetProject", pb.GetProjectRequest(project_id=project))


def _step(mesh: Mesh, person: str, rpc_name: str, asked: Any) -> None:
    _show(mesh, ask(mesh.person(person, "coding"), STUB, rpc_name, asked).project)


def _show(mesh: Mesh, project: project_pb2.Project) -> None:
    if mesh.as_json:
        say_json(plain(project))
        return
    say(_line(project), "bold")
    for step in project.steps:
        office = project_pb2.ProjectOffice.Name(step.office).removeprefix("PROJECT_OFFICE_")
        told = f"{step.occurred_at.ToJsonString()}  {_state(step.state)}  {office.lower()}"
        say(f"  {told}  {step.remark}".rstrip())
    if project.HasField("delivery"):
        had = project.delivery
        say(f"  {had.unit_count:,} units, in groups of {had.smallest_group} at least")
        say(f"  sha-256 {had.content_sha256}")
    if project.destruction_record_id:
        say(f"  key destroyed: record {project.destruction_record_id} of the trail")


def _line(project: project_pb2.Project) -> str:
    plan = project.plan
    return (
        f"{project.project_id}  {_state(project.state)}  {plan.title} ({plan.deliberation_number})"
    )


def _state(state: "project_pb2.ProjectState") -> str:
    return project_pb2.ProjectState.Name(state).removeprefix("PROJECT_STATE_")


for _work in (request, assess, approve, refuse, release, close, show, number, send, fetch):
    app.command()(with_mesh(_work))
for _step_of in (identify, allow, deny, end):
    app.command()(with_mesh(_step_of))
app.command("meant")(with_mesh(tell_meant))
app.command("open")(with_mesh(open_))
app.command("list")(with_mesh(list_))

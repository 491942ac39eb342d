"""Projects and the steps of their life."""

from collections.abc import Sequence
from uuid import UUID

from cbss.coding.v1 import project_pb2
from cbss.coding.v1 import project_service_pb2 as pb

from services.coding.model import Actor, Delivery, Office, Project, Report, Step
from services.coding.wire.plans import encode_plan
from services.concepts.failures import invalid
from services.kit.caller import COMMITTEE, Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.wire import values

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
LONGEST_NAME, LONGEST_REMARK = 64, 500
_QUERY = b"projects"


def decode_project_id(told: str) -> UUID:
    """The identification of a project."""
    return decode_id(told, "project_id")


def decode_id(told: str, path: str) -> UUID:
    """A UUID in canonical text."""
    try:
        found = UUID(told)
    except ValueError:
        found = None
    if found is None or str(found) != told:
        raise invalid(path, "must be a UUID in canonical text")
    return found


def decode_actor(caller: Caller) -> Actor:
    """Who takes a step, in which office."""
    office = Office.COMMITTEE if caller.workload == COMMITTEE else Office.BANK
    return Actor(caller.operator[:LONGEST_NAME], office)


def decode_remark(told: str) -> str:
    """What everybody may read of a step."""
    return values.decode_text(told, "remark", LONGEST_REMARK)


def decode_position(
    tokens: PageTokens, request: pb.ListProjectsRequest, caller: Caller
) -> tuple[int, int]:
    """After which project the page begins, and how many it has."""
    most = page_size(request.page_size, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    if not request.page_token:
        return 0, most
    (after,) = tokens.position(request.page_token, caller=_reader(caller), query=_QUERY)
    if not isinstance(after, int):
        raise PageTokenInvalid
    return after, most


def encode_list_projects(
    tokens: PageTokens, caller: Caller, projects: Sequence[Project], most: int
) -> pb.ListProjectsResponse:
    """A page of projects."""
    token = ""
    if len(projects) == most:
        last = projects[-1].sequence
        token = tokens.token([last], caller=_reader(caller), query=_QUERY)
    return pb.ListProjectsResponse(projects=map(encode_project, projects), next_page_token=token)


def encode_project(project: Project) -> project_pb2.Project:
    """A project as everybody may read it: nobody is named who took a step."""
    return project_pb2.Project(
        project_id=str(project.project_id),
        plan=encode_plan(project.plan),
        state=f"PROJECT_STATE_{project.state.name}",
        steps=map(_step, project.steps),
        key_digest=project.key_digest,
        delivery=None if project.delivery is None else encode_delivery(project.delivery),
        destruction_record_id="" if project.destruction is None else str(project.destruction),
    )


def encode_delivery(delivery: Delivery) -> project_pb2.Delivery:
    """What a recipient received."""
    delivered, after = delivery.delivered_at, delivery.report.after
    return project_pb2.Delivery(
        unit_count=after.unit_count,
        content_sha256=delivery.content_sha256,
        smallest_group=after.smallest_group,
        smallest_diversity=after.smallest_diversity,
        released_at=values.encode_instant(delivery.released_at),
        delivered_at=None if delivered is None else values.encode_instant(delivered),
        report=_report(delivery.report),
    )


def _report(report: Report) -> project_pb2.AnonymityReport:
    before = report.before
    return project_pb2.AnonymityReport(
        unit_count_before=before.unit_count,
        smallest_group_before=before.smallest_group,
        smallest_diversity_before=before.smallest_diversity,
        suppressed_count=report.suppressed,
        information_lost_per_mille=report.lost_per_mille,
        variables=[
            project_pb2.VariableLoss(
                name=one.name, values_before=one.values_before, values_after=one.values_after
            )
            for one in report.losses
        ],
    )


def _step(step: Step) -> project_pb2.ProjectStep:
    return project_pb2.ProjectStep(
        state=f"PROJECT_STATE_{step.state.name}",
        occurred_at=values.encode_instant(step.at),
        office=f"PROJECT_OFFICE_{step.actor.office.name}",
        remark=step.remark,
        record_id=str(step.record_id),
    )


def _reader(caller: Caller) -> str:
    return "" if caller.client is None else caller.client.public_key_sha256

"""`cbss audit alerts`, `answer`, `unanswered`, `answers`: what officers are asked and say."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.audit.v1 import oversight_service_pb2_grpc as rpc

from cli.calling import ask, ask_all
from cli.mesh import Mesh
from cli.people import OPERATOR, AsOperator
from cli.values import ReasonOption, show_day
from cli.words import plain, say, say_json

OrganizationArgument = Annotated[
    str, typer.Argument(help="Whose officer asks: its name in the profile.")
]
MOST = 50
"""How many tickets an alert names at most."""
STUB = rpc.OversightServiceStub


class Finding(StrEnum):
    """What an officer can find."""

    EXPLAINED = "explained"
    IMPROPER = "improper"
    IN_INQUIRY = "in-inquiry"


def alerts(
    mesh: Mesh,
    organization: OrganizationArgument,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
) -> None:
    """What the officer of an institution is asked, with his own certificate."""
    request = pb.ListAlertsRequest(unanswered_only=not everything)
    show(mesh, ask_all(mesh.officer(organization), STUB, "ListAlerts", request, "alerts"))


def answer(
    mesh: Mesh,
    organization: OrganizationArgument,
    alert: Annotated[str, typer.Argument(help="The alert, by its identification.")],
    finding: Annotated[Finding, typer.Argument(help="What was found.")],
) -> None:
    """Answer an alert, as the officer of the institution."""
    request = pb.AcknowledgeAlertRequest(alert_id=alert, finding=f"ALERT_FINDING_{finding.name}")
    show(mesh, [ask(mesh.officer(organization), STUB, "AcknowledgeAlert", request).alert])


def unanswered(mesh: Mesh, reason: ReasonOption, operator: AsOperator = OPERATOR) -> None:
    """What no officer answered in time, for the committee that oversees the network."""
    request = pb.ListUnansweredAlertsRequest(reason=reason)
    show(mesh, _listed(mesh, operator, "ListUnansweredAlerts", request))


def answers(mesh: Mesh, reason: ReasonOption, operator: AsOperator = OPERATOR) -> None:
    """What officers answered, every answer, for the committee that oversees the network."""
    request = pb.ListAnsweredAlertsRequest(reason=reason)
    show(mesh, _listed(mesh, operator, "ListAnsweredAlerts", request))


def _listed(mesh: Mesh, operator: str, method: str, request: Any) -> list[pb.Alert]:
    return ask_all(mesh.person(operator, "audit"), STUB, method, request, "alerts")


def show(mesh: Mesh, told: Sequence[pb.Alert]) -> None:
    """Alerts to read: in the three languages, with all that was answered and every ticket."""
    if mesh.as_json:
        say_json([plain(one) for one in told])
        return
    for one in told:
        _show(one)
    if not told:
        say("nothing")


def _show(one: pb.Alert) -> None:
    found = [pb.AlertFinding.Name(answer.finding) for answer in one.answers]
    said = ", then ".join(name.removeprefix("ALERT_FINDING_").lower() for name in found)
    waiting = said or f"answer by {show_day(one.due_date)}"
    days = f"{show_day(one.first_date)} to {show_day(one.last_date)}"
    say(f"{one.alert_id}  {one.cbe_number}  {one.code} ({one.count}), {days}: {waiting}")
    for language in ("nl", "fr", "de"):
        say(f"  {language}: {getattr(one.explanation, language)}")
    rest = f" (the first {MOST}; the alert names no more)" if len(one.tickets) >= MOST else ""
    say(f"  tickets: {', '.join(one.tickets)}{rest}")

"""`cbss audit alerts`, `answer`, `unanswered`, `answers`: what officers are asked and say."""

from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer
from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.audit.v1 import oversight_service_pb2_grpc as rpc
from google.type import date_pb2

from sandbox.client import Identity
from sandbox.credentials import EDGE, Vault
from sandbox.operating import (
    ME,
    AsOption,
    StateOption,
    answered,
    call_oversight,
    console,
    running,
)
from sandbox.organizations import organizations
from sandbox.state import DEFAULT

OrganizationArgument = Annotated[
    str, typer.Argument(help="Whose officer asks: its name in the sandbox.")
]
TIMEOUT = 10


class Finding(StrEnum):
    """What an officer can find."""

    EXPLAINED = "explained"
    IMPROPER = "improper"
    IN_INQUIRY = "in-inquiry"


def alerts(
    organization: OrganizationArgument,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    state: StateOption = DEFAULT,
) -> None:
    """What the officer of an institution is asked, with his own certificate."""
    _all(
        lambda token: _as_officer(
            state,
            organization,
            lambda stub: stub.ListAlerts(
                pb.ListAlertsRequest(unanswered_only=not everything, page_token=token),
                timeout=TIMEOUT,
            ),
        )
    )


def answer(
    organization: OrganizationArgument,
    alert: Annotated[str, typer.Argument(help="The alert, by its identification.")],
    finding: Annotated[Finding, typer.Argument(help="What was found.")],
    state: StateOption = DEFAULT,
) -> None:
    """Answer an alert, as the officer of the institution."""
    found = f"ALERT_FINDING_{finding.name}"
    request = pb.AcknowledgeAlertRequest(alert_id=alert, finding=found)
    told = _as_officer(
        state, organization, lambda stub: stub.AcknowledgeAlert(request, timeout=TIMEOUT)
    )
    show([told.alert])


def unanswered(
    reason: Annotated[str, typer.Option("--reason", help="Why it is read; recorded.")],
    operator: AsOption = ME,
    state: StateOption = DEFAULT,
) -> None:
    """What no officer answered in time, for the committee that oversees the network."""
    _all(
        lambda token: call_oversight(
            state,
            operator,
            lambda stub: stub.ListUnansweredAlerts(
                pb.ListUnansweredAlertsRequest(reason=reason, page_token=token), timeout=TIMEOUT
            ),
        )
    )


def answers(
    reason: Annotated[str, typer.Option("--reason", help="Why it is read; recorded.")],
    operator: AsOption = ME,
    state: StateOption = DEFAULT,
) -> None:
    """What officers answered, every answer, for the committee that oversees the network."""
    _all(
        lambda token: call_oversight(
            state,
            operator,
            lambda stub: stub.ListAnsweredAlerts(
                pb.ListAnsweredAlertsRequest(reason=reason, page_token=token), timeout=TIMEOUT
            ),
        )
    )


def _all(page: Callable[[str], Any]) -> None:
    token, seen = "", 0
    while True:
        told = page(token)
        show(told.alerts)
        token, seen = told.next_page_token, seen + len(told.alerts)
        if not token:
            break
    if not seen:
        console.print("nothing")


def _as_officer(
    state: Any, organization: str, work: Callable[[rpc.OversightServiceStub], Awaitable[Any]]
) -> Any:
    found, ports = running(state)
    if organization not in organizations():
        console.print(f"there is no {organization}; there are {', '.join(organizations())}")
        raise typer.Exit(2)
    vault = Vault(found)
    files = vault.officer(organization)
    identity = Identity(
        organizations()[organization].cbe_number,
        files.certificate,
        files.private_key,
        vault.authority_file("institutions"),
        ports.address("gateway"),
        EDGE,
    )

    async def called() -> Any:
        async with identity.channel() as channel:
            return await work(rpc.OversightServiceStub(channel))

    return answered(called())


def show(told: Iterable[pb.Alert]) -> None:
    """Alerts to read: in the three languages, and all that was answered."""
    for one in told:
        found = [pb.AlertFinding.Name(answer.finding) for answer in one.answers]
        said = ", then ".join(name.removeprefix("ALERT_FINDING_").lower() for name in found)
        waiting = said or f"answer by {_day(one.due_date)}"
        console.print(
            f"{one.alert_id}  {one.cbe_number}  {one.code} ({one.count}), "
            f"{_day(one.first_date)} to {_day(one.last_date)}: {waiting}\n"
            f"  nl: {one.explanation.nl}\n"
            f"  fr: {one.explanation.fr}\n"
            f"  de: {one.explanation.de}\n"
            f"  tickets: {', '.join(one.tickets)}"
        )


def _day(told: date_pb2.Date) -> str:
    return f"{told.year:04d}-{told.month:02d}-{told.day:02d}"

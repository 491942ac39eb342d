"""Calling access as an operator: under a name of one's own, with refusals as lines to read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import grpc.aio
import typer
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import oversight_service_pb2_grpc as oversight_rpc
from cbss.common.v1 import organization_pb2
from google.rpc import error_details_pb2, status_pb2
from google.type import date_pb2
from rich.console import Console

from sandbox import topology
from sandbox.client import Identity
from sandbox.credentials import COMMITTEE, OPERATORS, Vault
from sandbox.state import State

console = Console(highlight=False, soft_wrap=True)

StateOption = Annotated[Path, typer.Option("--state", help="The folder of the sandbox.")]
AsOption = Annotated[
    str, typer.Option("--as", help=f"The operator: {' or '.join(OPERATORS)}; to open takes two.")
]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A YAML file.")]
AsMember = Annotated[
    str, typer.Option("--as", help=f"The member of the committee: {' or '.join(COMMITTEE)}.")
]
AsEither = Annotated[
    str, typer.Option("--as", help=f"Who: {', '.join(OPERATORS)}, {' or '.join(COMMITTEE)}.")
]
ME = OPERATORS[0]
MEMBER = COMMITTEE[0]


def call(
    state: Path,
    operator: str,
    work: Callable[[rpc.DeliberationServiceStub], Awaitable[Any]],
    file: Path | None = None,
) -> Any:
    """What access answers to an operator; or its refusal, shown, and code 1."""
    return _called(
        state, operator, "access", lambda channel: work(rpc.DeliberationServiceStub(channel)), file
    )


def call_audit(
    state: Path, operator: str, work: Callable[[audit_rpc.AuditServiceStub], Awaitable[Any]]
) -> Any:
    """What the audit service answers to an operator; or its refusal, shown, and code 1."""
    return _called(
        state, operator, "audit", lambda channel: work(audit_rpc.AuditServiceStub(channel)), None
    )


def call_oversight(
    state: Path, operator: str, work: Callable[[oversight_rpc.OversightServiceStub], Awaitable[Any]]
) -> Any:
    """The same, of what officers are asked."""
    return _called(
        state,
        operator,
        "audit",
        lambda channel: work(oversight_rpc.OversightServiceStub(channel)),
        None,
    )


def _called(
    state: Path,
    operator: str,
    service: str,
    work: Callable[[grpc.aio.Channel], Awaitable[Any]],
    file: Path | None,
) -> Any:
    found, ports = running(state)
    if operator not in (*OPERATORS, *COMMITTEE):
        known = ", ".join((*OPERATORS, *COMMITTEE))
        console.print(f"there is nobody of the name {operator}; there are {known}")
        raise typer.Exit(2)

    async def called() -> Any:
        async with operators_channel(Vault(found), ports, operator, service) as channel:
            return await work(channel)

    return answered(called(), file)


def running(state: Path) -> tuple[State, topology.Ports]:
    """The sandbox that runs in a folder; or that none does, shown, and code 1."""
    found = State.at(state)
    ports = topology.noted(found)
    if ports is None or not found.is_held():
        console.print("no mesh runs here")
        raise typer.Exit(1)
    return found, ports


def answered(calling: Coroutine[Any, Any, Any], file: Path | None = None) -> Any:
    """What is answered to a call; or the refusal, shown, and code 1."""
    try:
        return asyncio.run(calling)
    except grpc.aio.AioRpcError as refused:
        for line in _refusal(refused, file):
            console.print(f"[red]{line}[/red]")
        raise typer.Exit(1) from None


@asynccontextmanager
async def operators_channel(
    vault: Vault, ports: topology.Ports, operator: str, service: str
) -> AsyncIterator[grpc.aio.Channel]:
    """A service, called by an operator over mutual TLS."""
    credentials = vault.workload(operator)
    identity = Identity(
        "",
        credentials.certificate,
        credentials.private_key,
        vault.authority_file("mesh"),
        ports.address(service),
        service,
    )
    async with identity.channel() as channel:
        yield channel


def _refusal(refused: grpc.aio.AioRpcError, file: Path | None) -> Sequence[str]:
    packed = dict(refused.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    lines = [f"{refused.code().name}: {refused.details()}"]
    for detail in status_pb2.Status.FromString(packed).details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            where = "" if file is None else f"{file}: "
            lines += [f"{where}{one.field}: {one.description}" for one in bad.field_violations]
    return lines


def organization(text: str) -> organization_pb2.Organization:
    """The organization that a text names: `17.1` or 10 digits."""
    sector, point, institution = text.partition(".")
    if not point:
        return organization_pb2.Organization(cbe_number=text)
    place = organization_pb2.SectorInstitution(sector=int(sector), institution=int(institution))
    return organization_pb2.Organization(sector_institution=place)


def day(text: str) -> date_pb2.Date:
    """The day that a text names: yyyy-mm-dd."""
    read = date.fromisoformat(text)
    return date_pb2.Date(year=read.year, month=read.month, day=read.day)

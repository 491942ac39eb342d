"""`cbss citizen`: what is kept about a person, read by the person with his card."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import grpc.aio
import typer
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.identification.v1 import person_data_pb2 as person_pb
from cryptography import x509
from cryptography.x509.oid import NameOID

from sandbox import topology
from sandbox.client import Identity
from sandbox.credentials import EDGE, Vault
from sandbox.extract import Extract, as_json
from sandbox.extract.page import as_page
from sandbox.operating import StateOption, console
from sandbox.state import DEFAULT, State
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import SsinKind, parse_ssin
from services.kit.clock import utc_now
from services.kit.files import replace_file

Call = Callable[..., Awaitable[Any]]

app = typer.Typer(help="A citizen with his card.", no_args_is_help=True)


class Language(StrEnum):
    """The official languages."""

    NL = "nl"
    FR = "fr"
    DE = "de"


@app.callback()
def citizen() -> None:
    """A citizen with his card."""


@app.command()
def card(
    ssin: Annotated[str, typer.Argument(help="The identification number, 11 digits.")],
    state: StateOption = DEFAULT,
) -> None:
    """Issue a card of the sandbox, good for this sandbox only, and say where its files are."""
    found = State.at(state)
    if not (found.certificates / "citizens-authority.key").exists():
        console.print("no mesh has been started here; `cbss up` founds the authorities")
        raise typer.Exit(1)
    try:
        number = parse_ssin(ssin)
    except InvalidArgument as wrong:
        console.print(f"not an identification number: {wrong.violations[0].description}")
        raise typer.Exit(2) from None
    if number.kind is not SsinKind.MOCK:
        console.print("not a mock number: everybody in the sandbox is nobody")
        raise typer.Exit(2)
    files = Vault(found).citizen(number.digits)
    console.print(f"{files.certificate}\n{files.private_key}")


@app.command()
def extract(
    certificate: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The citizen's certificate, PEM.")
    ],
    key: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The private key of it, PEM.")
    ],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for the extract.")],
    language: Annotated[Language, typer.Option(help="The language of the page.")] = Language.NL,
    register: Annotated[
        str | None,
        typer.Option(help="Where the pages of `cbss register` are, if not where the mesh says."),
    ] = None,
    state: StateOption = DEFAULT,
    address: Annotated[
        str | None, typer.Option(help="The gateway of a mesh elsewhere: host:port.")
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Whom to trust there, PEM.")
    ] = None,
) -> None:
    """Write everything that GDPR article 15 gives a person, as JSON and as a page to print."""
    found = State.at(state)
    ports = topology.noted(found)
    if address is not None and authority is not None:
        server_name = address.rpartition(":")[0]
    elif address is None and ports is not None and found.is_held():
        address, server_name = ports.address("gateway"), EDGE
        authority = found.certificates / "institutions-authority.crt"
    else:
        console.print("no mesh runs here; name another with --address and --authority")
        raise typer.Exit(1)
    identity = Identity("", certificate, key, authority, address, server_name)
    try:
        made = asyncio.run(read(identity))
    except grpc.aio.AioRpcError as refused:
        console.print(f"[red]{refused.code().name}: {refused.details()}[/red]")
        raise typer.Exit(1) from None
    for path in write(made, out, language.value, register):
        console.print(str(path))


async def read(identity: Identity) -> Extract:
    """All that the mesh tells the citizen of a certificate, page after page."""
    async with identity.channel() as channel:
        registers = identification_rpc.IdentificationServiceStub(channel)
        directory = directory_rpc.DirectoryServiceStub(channel)
        buffer = buffer_rpc.BufferServiceStub(channel)
        reports = report_rpc.ErrorReportServiceStub(channel)
        decisions = decision_rpc.DecisionNoticeServiceStub(channel)
        audit = audit_rpc.AuditServiceStub(channel)
        pages = await all_pages(
            registers.ListMyPersonData, person_pb.ListMyPersonDataRequest(page_size=200)
        )
        return Extract(
            numbers=pages[0].numbers,
            cards=pages[0].cards,
            data=[one for page in pages for one in page.data],
            ssin=_number(identity.certificate),
            files=await everything(
                directory.ListMyFiles, directory_pb.ListMyFilesRequest(page_size=200), "files"
            ),
            facts=await everything(
                buffer.ListMyFacts, buffer_pb.ListMyFactsRequest(page_size=200), "facts"
            ),
            reports=await everything(
                reports.ListErrorReports,
                report_pb.ListErrorReportsRequest(page_size=100),
                "reports",
            ),
            decisions=await everything(
                decisions.ListMyDecisions,
                decision_pb.ListMyDecisionsRequest(page_size=100),
                "notices",
            ),
            # Uses last: the readings of the rest then stand among them.
            consultations=await everything(
                audit.ListMyConsultations,
                audit_pb.ListMyConsultationsRequest(page_size=100),
                "consultations",
            ),
            made_at=utc_now(),
        )


def write(made: Extract, out: Path, language: str, register: str | None = None) -> list[Path]:
    """Write both forms where only their owner reads them; which files those are."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    page, plain = out / f"extract-{language}.html", out / "extract.json"
    replace_file(plain, as_json(made).encode(), mode=0o600)
    replace_file(page, as_page(made, language, register).encode(), mode=0o600)
    return [plain, page]


async def everything(call: Call, request: Any, field: str) -> list[Any]:
    """What a list holds, to its end."""
    return [one for page in await all_pages(call, request) for one in getattr(page, field)]


async def all_pages(call: Call, request: Any) -> list[Any]:
    """The pages of a list, to the last."""
    pages = [await call(request, timeout=10)]
    while pages[-1].next_page_token:
        request.page_token = pages[-1].next_page_token
        pages.append(await call(request, timeout=10))
    return pages


def _number(certificate: Path) -> str:
    subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
    return "".join(str(one.value) for one in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER))

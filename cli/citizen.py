"""`cbss citizen`: what is kept about a person, read by the person with his card, and said wrong."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import grpc
import typer
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_pb2
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

from cli.calling import all_pages, ask, everything, refusal
from cli.granting import citizen_rights
from cli.identity import Identity
from cli.languages import Language
from cli.mesh import Mesh, with_mesh
from cli.words import plain, say, say_json
from pages.extract import Extract, as_json
from pages.extract.page import as_page
from services.kit.clock import utc_now
from services.kit.files import replace_file

app = typer.Typer(help="A citizen with his card.", no_args_is_help=True, rich_markup_mode=None)


class Claim(StrEnum):
    """What is said to be wrong."""

    INCORRECT = "incorrect"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    OTHER_PERSON = "other-person"


@app.callback()
def citizen() -> None:
    """A citizen with his card."""


def extract(
    mesh: Mesh,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for the extract.")],
    language: Annotated[Language, typer.Option(help="The language of the page.")] = Language.NL,
    register: Annotated[
        str | None,
        typer.Option(help="Where the pages of `cbss register` are, if not where the mesh says."),
    ] = None,
) -> None:
    """Write everything that GDPR article 15 gives a person, as JSON and as a page to print."""
    identity = mesh.citizen()
    try:
        made = asyncio.run(read(identity))
    except grpc.RpcError as fault:
        raise refusal(fault, identity.address) from None
    written = [str(path) for path in write(made, out, language.value, register)]
    if mesh.as_json:
        say_json({"files": written})
    for path in written if not mesh.as_json else ():
        say(path)


def report(
    mesh: Mesh,
    contract: Annotated[str, typer.Argument(help="Which kind of data is wrong: HANDICAP.")],
    field: Annotated[str, typer.Argument(help="Which field of it, as the extract names it.")],
    source: Annotated[str, typer.Argument(help="Whose datum it is: name or enterprise number.")],
    claim: Annotated[Claim, typer.Argument(help="What is wrong with it.")],
) -> None:
    """Report an error in one's own data to who keeps it; the extract shows what comes of it."""
    datum = error_report_pb2.Datum(
        data_contract=contract,
        field_path=field,
        source_cbe_number=mesh.organization(source).cbe_number,
    )
    request = report_pb.ReportErrorRequest(
        report_id=str(uuid4()),
        datum=datum,
        claim=f"ERROR_CLAIM_{claim.name}",
    )
    stub = report_rpc.ErrorReportServiceStub
    told = ask(mesh.citizen(), stub, "ReportError", request).report
    if mesh.as_json:
        say_json(plain(told))
        return
    due = told.due_date
    say(f"reported under {told.report_id}; answered by {due.year}-{due.month:02d}-{due.day:02d}")


app.command()(with_mesh(extract))
app.command()(with_mesh(report))
app.command("rights")(with_mesh(citizen_rights))


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


def _number(certificate: Path) -> str:
    subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
    return "".join(str(one.value) for one in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER))

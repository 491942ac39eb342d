"""What the programs of sources and recipients do with coding: numbers, rows, deliveries, as CSV."""

import asyncio
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import grpc
import grpc.aio
import typer
from cbss.coding.v1 import coding_service_pb2 as pb
from cbss.coding.v1 import coding_service_pb2_grpc as rpc
from cbss.coding.v1 import reidentification_service_pb2 as list_pb
from cbss.coding.v1 import reidentification_service_pb2_grpc as list_rpc
from cbss.common.v1 import information_pb2, organization_pb2
from rich.progress import Progress

from cli.calling import refusal
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.mesh import Mesh
from cli.words import complain, errors, say

As = Annotated[str, typer.Argument(help="The organization, by the name in the profile.")]
ProjectArgument = Annotated[
    str, typer.Argument(metavar="PROJECT", help="The project, by its identification.")
]
Rows = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option(dir_okay=False, help="Where to, as CSV.")]
AT_ONCE = 10_000
LONGEST = 60.0
TEMPORARY = "temporary_number"
DONE = "MSG00000"
COLUMNS = "number", "household_ssin"


def number(mesh: Mesh, organization: As, project: ProjectArgument, file: Rows, out: Out) -> None:
    """Get temporary numbers, as a source: a CSV with a column `number`, and `household_ssin` where
    the project takes whole households. Who is not drawn has none."""
    one = mesh.institution(organization)
    read = _read(file)
    if not read or not {COLUMNS[0]} <= set(read[0]) <= set(COLUMNS):
        raise Nonsense(f"{file} must have the columns {' and '.join(COLUMNS)}, or the first alone")
    lines: list[list[str]] = []
    for some in _parts(read):
        asked = pb.GetTemporaryNumbersRequest(
            information_customer=_information(one),
            project_id=project,
            units=[pb.Unit(**row) for row in some],
        )
        told = _called(one, "GetTemporaryNumbers", asked)
        for row, got in zip(some, told.units, strict=True):
            outcome = pb.UnitOutcome.Name(got.outcome).removeprefix("UNIT_OUTCOME_")
            lines.append([row[COLUMNS[0]], outcome, got.temporary_number.hex()])
    _write(out, [COLUMNS[0], "outcome", TEMPORARY], lines)
    say(f"{sum(line[1] == 'NUMBERED' for line in lines):,} of {len(lines):,} units are drawn")


def send(mesh: Mesh, organization: As, project: ProjectArgument, file: Rows) -> None:
    """Send data, as a source: a CSV with a column `temporary_number` first, then the variables in
    the order of the plan. What was sent already is not sent twice."""
    one = mesh.institution(organization)
    read = _read(file)
    if not read or next(iter(read[0])) != TEMPORARY:
        raise Nonsense(f"{file} must have {TEMPORARY} as its first column")
    columns = list(read[0])[1:]
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("sent", total=len(read))
        for some in _parts(read):
            _called(one, "SubmitRows", _chunk(one, project, columns, some, file))
            bar.advance(task, len(some))
    say(f"{len(read):,} rows taken")


def fetch(
    mesh: Mesh,
    organization: As,
    project: ProjectArgument,
    out: Out,
    *,
    confirm: Annotated[
        bool, typer.Option(help="Confirm it once all is written; the mesh deletes it then.")
    ] = False,
) -> None:
    """Fetch what was released, as the recipient, and hold it against its digest."""
    one = mesh.institution(organization)
    asked = pb.ListDeliveryRowsRequest(information_customer=_information(one), project_id=project)
    digest, lines = hashlib.sha256(), []
    while True:
        page = _called(one, "ListDeliveryRows", asked)
        for row in page.rows:
            for part in (row.code, row.household_code, *(one.encode() for one in row.values)):
                digest.update(len(part).to_bytes(4) + part)
            lines.append([row.code.hex(), row.household_code.hex(), *row.values])
        if not page.next_page_token:
            break
        asked.page_token = page.next_page_token
    if digest.hexdigest() != page.delivery.content_sha256:
        raise Refusal("what came is not what was released: fetch it again")
    _write(out, ["code", "household_code", *page.columns], lines)
    if confirm:
        told = pb.AcknowledgeDeliveryRequest(
            information_customer=_information(one),
            project_id=project,
            content_sha256=digest.hexdigest(),
        )
        _called(one, "AcknowledgeDelivery", told)
    say(f"{len(lines):,} rows in {out}, sha-256 {digest.hexdigest()}")


def tell_meant(
    mesh: Mesh,
    organization: As,
    named: Annotated[str, typer.Argument(metavar="LIST", help="The list, by its identification.")],
    file: Rows,
) -> None:
    """Show which of its own persons are meant by a list, as its source: a CSV with a column
    `number`."""
    one, count = mesh.institution(organization), 0
    read = _read(file)
    if not read or set(read[0]) != {COLUMNS[0]}:
        raise Nonsense(f"{file} must have the column {COLUMNS[0]} alone")
    for some in _parts(read):
        asked = list_pb.GetReidentifiedUnitsRequest(
            information_customer=_information(one),
            reidentification_id=named,
            units=[pb.Unit(**row) for row in some],
        )
        told = _called(one, "GetReidentifiedUnits", asked, list_rpc.ReidentificationServiceStub)
        for row, is_meant in zip(some, told.meant, strict=True):
            if is_meant:
                say(row[COLUMNS[0]])
                count += 1
    complain([f"{count:,} of {len(read):,} are meant"])


def read_codes(file: Path) -> list[bytes]:
    """A code a line, in hexadecimal; Nonsense if one is none."""
    try:
        return [bytes.fromhex(line) for line in file.read_text("utf-8").split()]
    except ValueError:
        raise Nonsense(f"{file} must have a code a line, in hexadecimal") from None


def _chunk(
    one: Identity, project: str, columns: list[str], some: list[dict[str, str]], file: Path
) -> pb.SubmitRowsRequest:
    try:
        rows = [
            pb.SourceRow(
                temporary_number=bytes.fromhex(row[TEMPORARY]),
                values=[row[name] for name in columns],
            )
            for row in some
        ]
    except (ValueError, TypeError, KeyError):
        raise Nonsense(f"{file} has a line that does not fit its columns") from None
    # The same content is the same chunk: who sends a file again changes nothing.
    content = hashlib.sha256(b"".join(one.SerializeToString() for one in rows)).hexdigest()
    return pb.SubmitRowsRequest(
        information_customer=_information(one),
        project_id=project,
        chunk_id=str(uuid5(NAMESPACE_URL, f"{project} {content}")),
        columns=columns,
        rows=rows,
    )


def _called(one: Identity, method: str, request: Any, stub: Any = rpc.CodingServiceStub) -> Any:
    async def called() -> Any:
        async with one.channel() as channel:
            return await getattr(stub(channel), method)(request, timeout=LONGEST)

    try:
        told = asyncio.run(called())
    except grpc.RpcError as fault:
        raise refusal(fault, one.address) from None
    status = getattr(told, "status", None)
    if status is not None and status.code != DONE:
        raise Refusal(f"{status.code}: {status.description}")
    return told


def _information(one: Identity) -> information_pb2.InformationCustomer:
    named = organization_pb2.Organization(cbe_number=one.cbe_number)
    return information_pb2.InformationCustomer(ticket=str(uuid4()), customer_identification=named)


def _read(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error):
        raise Nonsense(f"{file} is no CSV") from None


def _parts(read: list[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    for first in range(0, len(read), AT_ONCE):
        yield read[first : first + AT_ONCE]


def _write(out: Path, head: list[str], lines: list[list[str]]) -> None:
    with out.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([head, *lines])

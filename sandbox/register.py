"""`cbss register`: the public register as static pages, read as everybody reads it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import grpc
import typer
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc

from sandbox import topology
from sandbox.credentials import EDGE
from sandbox.operating import StateOption, console
from sandbox.state import DEFAULT, State
from services.access.pages.site import site
from services.kit.files import replace_file

PAGE = 100


def register(
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for the pages.")],
    state: StateOption = DEFAULT,
    address: Annotated[
        str | None, typer.Option(help="The open door of a mesh elsewhere: host:port.")
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(exists=True, help="Whom to trust there, PEM.")
    ] = None,
) -> None:
    """Write the public register as web pages in three languages."""
    found = State.at(state)
    ports = topology.noted(found)
    if address is None:
        if ports is None or not found.is_held():
            console.print("no mesh runs here; name another with --address")
            raise typer.Exit(1)
        address = ports.address("gateway-open")
        authority = found.certificates / "institutions-authority.crt"
    try:
        written = write(out, read(address, authority, None if ports is None else EDGE))
    except grpc.RpcError as refused:
        console.print(f"[red]{refused.code().name}: {refused.details()}[/red]")
        raise typer.Exit(1) from None
    console.print(f"{written} files below {out}; begin at {out / 'index.html'}")


def read(
    address: str, authority: Path | None, server_name: str | None
) -> Iterator[deliberation_pb2.Deliberation]:
    """Every deliberation of the register, through the open door, page after page."""
    credentials = grpc.ssl_channel_credentials(authority.read_bytes() if authority else None)
    options = [] if server_name is None else [("grpc.ssl_target_name_override", server_name)]
    with grpc.secure_channel(address, credentials, options) as channel:
        stub = rpc.DeliberationServiceStub(channel)
        request = pb.ListDeliberationsRequest(page_size=PAGE)
        while True:
            page = stub.ListDeliberations(request, timeout=10)
            yield from page.deliberations
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def write(out: Path, register: Iterator[deliberation_pb2.Deliberation]) -> int:
    """Write the pages; how many files there are."""
    written = 0
    for path, content in site(register):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        replace_file(out / path, content.encode())
        written += 1
    return written

"""`cbss register`: the public register as static pages, read as everybody reads it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import grpc
import typer
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc

from cli.calling import refusal
from cli.mesh import Mesh
from cli.words import say, say_json
from pages.register.site import site
from services.kit.files import replace_file

PAGE = 100


def register(
    mesh: Mesh,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder for the pages.")],
) -> None:
    """Write the public register as web pages in three languages; needs no certificate."""
    door = mesh.open_door()
    try:
        told = list(read(door.address, door.authority, door.server_name))
    except grpc.RpcError as fault:
        raise refusal(fault, door.address) from None
    written, begin = write(out, iter(told)), out / "index.html"
    if mesh.as_json:
        say_json({"files": written, "folder": str(out), "begin": str(begin)})
    else:
        say(f"{written} files below {out}; begin at {begin}")


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

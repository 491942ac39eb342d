"""Calls of a mesh: an answer, or lines that say why there is none."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from cli.failures import Refusal
from cli.identity import Identity

TIMEOUT = 10.0
"""Seconds that one call may take."""

Stub = Callable[[grpc.aio.Channel], Any]
Call = Callable[..., Awaitable[Any]]


def ask(identity: Identity, stub: Stub, method: str, request: Any, file: Path | None = None) -> Any:
    """What is answered to a request; Refusal, with the lines of the file that it is about."""

    async def asked() -> Any:
        async with identity.channel() as channel:
            return await getattr(stub(channel), method)(request, timeout=TIMEOUT)

    return _run(asked, identity.address, file)


def ask_all(identity: Identity, stub: Stub, method: str, request: Any, field: str) -> list[Any]:
    """What a list holds, to its end; Refusal."""

    async def asked() -> list[Any]:
        async with identity.channel() as channel:
            return await everything(getattr(stub(channel), method), request, field)

    found: list[Any] = _run(asked, identity.address)
    return found


async def everything(call: Call, request: Any, field: str) -> list[Any]:
    """What a list holds, to its end."""
    return [one for page in await all_pages(call, request) for one in getattr(page, field)]


async def all_pages(call: Call, request: Any) -> list[Any]:
    """The pages of a list, to the last."""
    pages = [await call(request, timeout=TIMEOUT)]
    while pages[-1].next_page_token:
        request.page_token = pages[-1].next_page_token
        pages.append(await call(request, timeout=TIMEOUT))
    return pages


def refusal(fault: grpc.RpcError, address: str = "", file: Path | None = None) -> Refusal:
    """A gRPC error as lines to read."""
    said = fault.details() or "" if isinstance(fault, grpc.Call | grpc.aio.AioRpcError) else ""
    code = fault.code() if isinstance(fault, grpc.Call | grpc.aio.AioRpcError) else None
    name = "UNKNOWN" if code is None else code.name
    if code is grpc.StatusCode.UNAVAILABLE and address and "connect" in said:
        return Refusal(f"{name}: nobody answers at {address}, or not in a way that is trusted here")
    return Refusal(f"{name}: {said}", *_violations(fault, file))


def _run(work: Callable[[], Any], address: str, file: Path | None = None) -> Any:
    try:
        return asyncio.run(work())
    except grpc.RpcError as fault:
        raise refusal(fault, address, file) from None


def _violations(fault: grpc.RpcError, file: Path | None) -> Sequence[str]:
    told = isinstance(fault, grpc.Call | grpc.aio.AioRpcError)
    trailing: Any = fault.trailing_metadata() if told else ()
    packed = dict(trailing or ()).get("grpc-status-details-bin", b"")
    try:
        details = status_pb2.Status.FromString(packed).details
    except DecodeError:
        return ()
    where = "" if file is None else f"{file}: "
    lines = []
    for detail in details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            lines += [f"{where}{one.field}: {one.description}" for one in bad.field_violations]
    return lines

"""How other commands speak to the one that keeps a sandbox: a socket in its folder, a line each
way."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sandbox.servers.privileges import elsewhere
from sandbox.state import State

PATIENCE = 120.0
"""Seconds that a restart may take, stopping included."""
_LONGEST = 100
"""Characters that the path of a socket may have, everywhere."""

Work = Callable[[str], Awaitable[str]]
"""What is done for a process of this name; what is said of it, or Refused."""


class Refused(Exception):
    """What was asked for cannot be done; the message says why."""


class NoSuchProcess(Refused):
    """The sandbox has no process of that name."""


class NobodyThere(Exception):
    """Nobody listens: no sandbox runs here, or it is still starting."""


@asynccontextmanager
async def listening(state: State, restart: Work) -> AsyncIterator[None]:
    """Do what is asked for on the socket, during the block."""
    path = _path(state)
    path.unlink(missing_ok=True)
    mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(lambda r, w: _serve(r, w, restart), path)
    finally:
        os.umask(mask)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


def ask_restart(state: State, name: str) -> str:
    """Have a process started again; what is said of it. Refused, or NobodyThere."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE)
        try:
            asking.connect(str(_path(state)))
            asking.sendall(json.dumps({"restart": name}).encode() + b"\n")
            answer = json.loads(asking.makefile().readline())
        except (OSError, ValueError) as fault:
            raise NobodyThere("no mesh runs here that could be asked") from fault
    if not answer["done"]:
        raise (NoSuchProcess if answer.get("unknown") else Refused)(answer["said"])
    said: str = answer["said"]
    return said


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, restart: Work) -> None:
    with suppress(OSError, ValueError):
        try:
            asked = json.loads(await reader.readline())
            answer = {"done": True, "said": await restart(str(asked["restart"]))}
        except (Refused, KeyError, TypeError) as refused:
            unknown = isinstance(refused, NoSuchProcess)
            answer = {"done": False, "said": str(refused), "unknown": unknown}
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
    writer.close()


def _path(state: State) -> Path:
    path = state.folder / "control"
    return path if len(str(path)) < _LONGEST else elsewhere(path)

"""How every process is that the mesh should have, and the Envoy of its edge."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial

import asyncpg
import psutil
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.table import Table
from rich.text import Text

from sandbox.leftovers import edge_process, leftovers, noted_processes
from sandbox.processes import healthy
from sandbox.sources import source_states
from sandbox.state import State
from sandbox.topology import Ports, noted_ports

PATIENCE = 2.0
"""Seconds that a healthy process takes at most to say so."""
SERVES = "serves"
_PAUSE = 0.2
"""Seconds between two looks of one who waits."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one process is."""

    process: str
    pid: int | None
    address: str
    health: str
    """`serves`, or why not."""

    @property
    def serves(self) -> bool:
        """Whether it does all that it is there for."""
        return self.health == SERVES


async def standings(state: State) -> list[Standing]:
    """Every process that the mesh which runs here should have; none if none runs."""
    run, ports = state.noted("run"), noted_ports(state)
    if not state.is_held() or ports is None or not isinstance(run, dict):
        return []
    expected = [name for name in run.get("expected", ()) if isinstance(name, str)]
    running = await asyncio.to_thread(leftovers, state)
    given_up = state.noted("given_up") or {}
    told = await asyncio.gather(
        *(_standing(state, ports, name, running, given_up) for name in expected)
    )
    return [*told, await _envoy(state, ports)]


async def wait_until_served(state: State, seconds: float) -> list[Standing]:
    """The same, once every process serves, or as it is after so many seconds."""
    until = time.monotonic() + seconds
    while True:
        found = await standings(state)
        if all_serve(found) or time.monotonic() >= until:
            return found
        await asyncio.sleep(_PAUSE)


async def status_of(state: State, seconds: float) -> tuple[list[Standing], list[dict[str, object]]]:
    """The same, and how the sources fare, as routing says where it serves."""
    found = await wait_until_served(state, seconds)
    asked = any(one.process == "routing" and one.serves for one in found)
    return found, await source_states(state) if asked else []


def all_serve(found: list[Standing]) -> bool:
    """Whether there is a mesh, and all of it serves."""
    return bool(found) and all(one.serves for one in found)


def status_table(found: list[Standing]) -> Table:
    """A table to read."""
    table = Table(box=None, padding=(0, 2))
    for heading in ("process", "pid", "address", "health"):
        table.add_column(heading, overflow="fold")
    for one in found:
        health = Text(one.health, "green" if one.serves else "red")
        table.add_row(one.process, "-" if one.pid is None else str(one.pid), one.address, health)
    return table


def plain(found: list[Standing]) -> dict[str, object]:
    """The same for programs."""
    return {"serves": all_serve(found), "processes": [asdict(one) for one in found]}


async def _standing(
    state: State,
    ports: Ports,
    name: str,
    running: dict[str, psutil.Process],
    given_up: dict[str, str],
) -> Standing:
    # The control program of the edge has no door of its own but the one for health.
    address = ports.address("gateway-health" if name == "gateway" else name)
    if name not in running:
        was_there = name in noted_processes(state) or name in given_up
        why = given_up.get(name) or ("ended" if was_there else "not started yet")
        return Standing(name, None, address, why)
    good = await _within(_looks(state, ports, name))
    return Standing(name, running[name].pid, address, SERVES if good else "does not answer")


async def _envoy(state: State, ports: Ports) -> Standing:
    process = await asyncio.to_thread(edge_process, state)
    address = ports.address("gateway")
    if process is None:
        return Standing("envoy", None, address, "does not run")
    gateway = noted_processes(state).get("gateway")
    if not await _within(partial(_ready, ports["gateway-admin"])):
        health = "is not ready"
    elif gateway is None or not psutil.pid_exists(gateway[0]):
        health = "serves without its control program"
    else:
        health = SERVES
    return Standing("envoy", process.pid, address, health)


def _looks(state: State, ports: Ports, name: str) -> Callable[[], Awaitable[None]]:
    """What returns once a process does what it is there for, and else fails or does not return."""
    if name == "postgres":
        return partial(_enters, (state.secrets / "audit.dsn").read_text)
    if name == "valkey":
        return partial(_pings, (state.secrets / "redis.url").read_text)
    return partial(healthy, ports.address(f"{name}-health"))


async def _enters(dsn: Callable[[], str]) -> None:
    connection = await asyncpg.connect(dsn().strip(), timeout=PATIENCE)
    await connection.close()


async def _pings(url: Callable[[], str]) -> None:
    async with Redis.from_url(url().strip()) as client:
        await client.ping()


async def _ready(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /ready HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\n\r\n")
        if b" 200 " not in await reader.readline():
            raise ConnectionError
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _within(work: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await work()
    except (OSError, TimeoutError, RedisError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True

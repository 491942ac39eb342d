"""What runs, where, and how it is."""

import asyncio

from rich.table import Table

from sandbox.processes import healthy
from sandbox.state import State
from sandbox.topology import Ports

PATIENCE = 2.0
"""Seconds that a healthy process takes at most to say so."""


async def shown_status(state: State, ports: Ports) -> tuple[Table, bool]:
    """A table of all processes, and whether all are healthy."""
    noted: dict[str, tuple[int, float]] = state.noted("processes") or {}
    names = list(noted)
    health = await asyncio.gather(*(_healthy(name, ports) for name in names))
    table = Table(box=None, padding=(0, 2))
    for heading in ("process", "pid", "address", "health"):
        table.add_column(heading)
    for name, good in zip(names, health, strict=True):
        said = "[green]serves[/green]" if good else "[red]does not answer[/red]"
        table.add_row(name, str(noted[name][0]), ports.address(name), said)
    return table, all(health)


async def _healthy(name: str, ports: Ports) -> bool:
    address = ports.numbers.get(f"{name}-health")
    try:
        async with asyncio.timeout(PATIENCE):
            if address is None:
                _, writer = await asyncio.open_connection("127.0.0.1", ports[name])
                writer.close()
            else:
                await healthy(f"127.0.0.1:{address}")
    except (OSError, TimeoutError):
        return False
    return True

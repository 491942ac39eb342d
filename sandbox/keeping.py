"""A mesh that is kept until somebody stops it."""

import asyncio
import signal

from rich.console import Console
from rich.table import Table

from sandbox.country import Country, Options


async def keep(options: Options, console: Console) -> None:
    """Start a mesh, say how to call it, and keep it until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Country.up(options) as country:
        console.print(_how_to_call(country))
        await stop.wait()


def _how_to_call(country: Country) -> Table:
    client = country.institution("pcsw-ghent")
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("gRPC and JSON", f"https://{client.address}"),
        ("server name", client.server_name),
        ("trust", client.authority),
        ("certificate", client.certificate),
        ("private key", client.private_key),
        ("enterprise number", client.cbe_number),
        ("logs", country.state.logs),
    ):
        table.add_row(f"[bold]{label}[/bold]", str(value))
    table.add_row("", "README.md shows a client in twenty lines. Ctrl-C stops.")
    return table

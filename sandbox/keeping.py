"""A mesh that is kept until somebody stops it."""

import asyncio
import signal
from collections.abc import Callable

from sandbox.country import Country, Options


async def keep(options: Options, say: Callable[[str], None]) -> None:
    """Start a mesh, say how to call it, and keep it until SIGINT or SIGTERM, which are obeyed while
    it starts too."""
    serving = asyncio.ensure_future(_serve(options, say))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Once: who is stopping is not stopped again halfway.
        loop.add_signal_handler(number, _cancel_once(serving))
    await asyncio.wait([serving])
    if not serving.cancelled():
        serving.result()


async def _serve(options: Options, say: Callable[[str], None]) -> None:
    async with Country.up(options) as country:
        for line in _how_to_call(country):
            say(line)
        await asyncio.Event().wait()


def _cancel_once(task: asyncio.Future[None]) -> Callable[[], None]:
    told: list[bool] = []

    def cancel() -> None:
        if not told:
            told.append(True)
            task.cancel()

    return cancel


def _how_to_call(country: Country) -> list[str]:
    client = country.institution("pcsw-ghent")
    told = (
        ("gRPC and JSON", f"https://{client.address}"),
        ("open door", f"https://{country.ports.address('gateway-open')} (the public register)"),
        ("portal", f"{country.ports.origin} (the browser warns: its authority is the sandbox's)"),
        ("sign in", "choose a demo citizen; nobody there is real"),
        ("server name", client.server_name),
        ("trust", client.authority),
        ("certificate", client.certificate),
        ("private key", client.private_key),
        ("enterprise number", client.cbe_number),
        ("logs", country.state.logs),
        ("profile", country.state.profile),
    )
    lines = [f"{label:<18} {value}" for label, value in told]
    return [*lines, "README.md shows a client in twenty lines. Ctrl-C stops."]

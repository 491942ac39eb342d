"""How soon exchanges are answered again after a kill -9: `cbss bench recovery [--json FILE]`.

Each process in turn is killed under load and started at once. Measured is the time from its start
to the first good answer to a question asked after it; the baseline is the same of an orderly stop.
"""

import argparse
import asyncio
import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import grpc
from rich.console import Console

from sandbox.client import Institution, consultation
from sandbox.country import Country, Options
from tests.bench.report import Figure, show, write
from tests.support.scratch import scratch

CONTEXT = "PCSW:LIVING_WAGE_MEANS_TEST"
PERSON = "71713000318"
CONTRACTS = ("HANDICAP", "SOCIAL_STATUS")
"""One that an authentic source answers, one that the buffer does."""
IN_FLIGHT = 8
VICTIMS = (
    *("gateway", "routing", "identification", "directory", "access", "audit", "buffer"),
    *("postgres", "valkey"),
)


class Asking:
    """Asks without pause, and tells when a question asked after an instant was answered well."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._running = True
        self._asked_last = dict.fromkeys(CONTRACTS, 0.0)
        self._answered = asyncio.Condition()

    async def run(self) -> None:
        """Ask until `stop`."""
        identity = self._country.institution("pcsw-ghent")
        async with Institution.of(identity) as institution, asyncio.TaskGroup() as together:
            for contract in CONTRACTS * IN_FLIGHT:
                together.create_task(self._ask(institution, contract))

    async def answered_after(self, start: float) -> float:
        """Seconds from an instant until a question asked after it is answered, on each contract."""
        async with self._answered:
            await self._answered.wait_for(lambda: min(self._asked_last.values()) > start)
        return perf_counter() - start

    def stop(self) -> None:
        """Ask no more."""
        self._running = False

    async def _ask(self, institution: Institution, contract: str) -> None:
        while self._running:
            asked = perf_counter()
            try:
                answer = await institution.consult(
                    consultation(institution.cbe_number, CONTEXT, contract, PERSON), timeout=1
                )
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.02)
                continue
            if answer.status.code == "MSG00000":
                async with self._answered:
                    self._asked_last[contract] = max(self._asked_last[contract], asked)
                    self._answered.notify_all()


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench recovery", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is killed")
    given = parser.parse_args(arguments)
    figures = asyncio.run(_measured(given.rounds, Console(stderr=True)))
    show(figures)
    if given.json:
        write(given.json, figures)


async def _measured(rounds: int, console: Console) -> list[Figure]:
    figures: list[Figure] = []
    with scratch("bench") as folder:
        options = Options(state=folder / "state", free_ports=True, tell=console.print)
        async with Country.up(options) as country:
            asking = Asking(country)
            running = asyncio.create_task(asking.run())
            for name in VICTIMS:
                orderly, killed = [
                    [await _again(country, asking, name, kill=kill) for _ in range(rounds)]
                    for kill in (False, True)
                ]
                figures += _figures(name, orderly, killed)
                console.print(f"{name} measured")
            asking.stop()
            await running
    return figures


async def _again(country: Country, asking: Asking, name: str, *, kill: bool) -> float:
    await asking.answered_after(perf_counter())
    await country.stop(name, kill=kill)
    start = perf_counter()
    starting = asyncio.create_task(country.start(name))
    taken = await asking.answered_after(start)
    await starting
    return taken


def _figures(name: str, orderly: Sequence[float], killed: Sequence[float]) -> list[Figure]:
    base = f"restarted_{name}"
    usual = statistics.median(orderly)
    median, worst = statistics.median(killed), max(killed)
    return [
        Figure(base, usual, "s", base, 1.0),
        Figure(f"killed_{name}", median, "s", base, median / usual),
        Figure(f"killed_{name}_worst", worst, "s", base, worst / usual),
    ]


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])

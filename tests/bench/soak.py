"""Whether the mesh stays as it is: `cbss bench soak [--minutes N] [--rate N] [--plot FILE.svg]`.

So many consultations a second for an hour, and every few seconds the memory, the open files and the
sessions with the database of each process. After the first ten minutes all of it is flat: a line
fitted through what follows rises by no more than noise, and every call is answered with data.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from rich.console import Console

from sandbox.client import consultation
from sandbox.country import Country, Options
from tests.bench.exchange import CONSULT, CONTEXT, PERSONS, is_data
from tests.bench.load import Credentials
from tests.bench.report import Figure, show, write
from tests.bench.soaking.pace import Pace, Paced, paced
from tests.bench.soaking.plot import plot
from tests.bench.soaking.samples import KINDS, Samples, rise, settled_after
from tests.support.scratch import scratch

ASKED = (("HANDICAP", PERSONS[0]), ("HANDICAP", PERSONS[1]), ("SOCIAL_STATUS", PERSONS[0]))
"""What an authentic source answers, and what the buffer does."""


def main(arguments: Sequence[str]) -> None:
    """The command; ends with code 1 when something grew, or a call was not answered."""
    parser = argparse.ArgumentParser(prog="cbss bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="how long (60)")
    parser.add_argument("--rate", type=int, default=150, help="consultations a second (150)")
    parser.add_argument("--every", type=float, default=10, help="seconds between samples (10)")
    parser.add_argument(
        "--plot",
        type=Path,
        default=Path("tests/bench/soak.svg"),
        metavar="FILE",
        help="where the pictures are drawn, one for each kind (tests/bench/soak.svg)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args(arguments)
    samples, came = asyncio.run(_soaked(given.minutes * 60, given.rate, given.every))
    figures, grown = judged(samples, came, given.minutes * 60)
    show(figures)
    plot(samples, given.plot, title=f"{given.rate} consultations a second")
    if given.json:
        write(given.json, figures)
    for what in grown:
        sys.stderr.write(f"{what}\n")
    sys.exit(1 if grown else 0)


def judged(samples: Samples, came: Paced, seconds: float) -> tuple[list[Figure], list[str]]:
    """The figures, and what is not as it should be, in words."""
    figures = [
        Figure("answered", came.answered / seconds, "1/s"),
        Figure("not_answered", came.failed, "calls"),
        Figure("latency_p50", came.quantile(0.5) * 1000, "ms"),
        Figure("latency_p99", came.quantile(0.99) * 1000, "ms"),
    ]
    wrong = [f"{came.failed} of the calls were not answered with data"] if came.failed else []
    begin = settled_after(seconds)
    for kind in KINDS:
        for name, line in sorted(samples.lines(kind).items()):
            settled = [(at, value) for at, value in line if at >= begin]
            grown = rise(settled)
            last = settled[-1][1] if settled else 0.0
            figures += [
                Figure(f"{kind.name}_{name}", last, kind.unit),
                Figure(f"{kind.name}_{name}_rise", grown, kind.unit),
            ]
            if grown > kind.noise(last):
                wrong.append(f"{kind.name} of {name} rose by {grown:.1f} {kind.unit}")
    return figures, wrong


async def _soaked(seconds: float, rate: int, every: float) -> tuple[Samples, Paced]:
    console = Console(stderr=True)
    with scratch("bench") as folder:
        options = Options(state=folder / "state", free_ports=True, tell=console.print)
        async with Country.up(options) as country:
            samples = Samples(country)
            calling = asyncio.create_task(asyncio.to_thread(paced, _pace(country, rate, seconds)))
            begun = monotonic()
            while not calling.done():
                samples.take(monotonic() - begun)
                await asyncio.wait([calling], timeout=every)
            return samples, await calling


def _pace(country: Country, rate: int, seconds: float) -> Pace:
    files, institutions = country.vault.files("pcsw-ghent"), country.vault
    number = country.institution("pcsw-ghent").cbe_number
    return Pace(
        country.ports.address("gateway"),
        Credentials(
            files.certificate,
            files.private_key,
            institutions.authority_file("institutions"),
            "gateway",
        ),
        f"/{CONSULT}",
        tuple(
            consultation(number, CONTEXT, contract, person).SerializeToString()
            for contract, person in ASKED
        ),
        is_data,
        rate,
        seconds,
    )


if __name__ == "__main__":
    main(sys.argv[1:])

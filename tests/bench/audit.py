"""What the trail costs: `cbss bench audit [--json FILE] [--records N | --full]`.

In one run, on one machine, over mutual TLS, two trails side by side: one of a million records and
one of as many as asked. They take turns, so that whatever else the machine does, it does to both:
durable appends in batches of a thousand and from 64 single callers, against single durable commits
of the same database; how soon all is in a signed tree; the trail of a person. Of the large one the
proof of the whole, against the hashing alone, and what a record takes on disk.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console

from tests.bench.report import Figure, show, write
from tests.bench.trail import LOOKUPS, MILLION, Trail

PORTION = 20
"""Persons that are looked up in one trail before it is the other's turn."""


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench audit", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--records", type=int, default=3 * MILLION, help="how many in the large")
    parser.add_argument(
        "--full", action="store_true", help="a hundred million; takes an hour and more"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns of each; medians are told")
    given = parser.parse_args(arguments)
    records = 100 * MILLION if given.full else given.records
    figures = asyncio.run(_measured(records, given.rounds, Console(stderr=True)))
    show(figures)
    if given.json:
        write(given.json, figures)


@dataclass
class _Side:
    """What was measured of one of the trails, turn after turn."""

    name: str
    trail: Trail
    commits: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    singles: list[float] = field(default_factory=list)
    signed: list[float] = field(default_factory=list)
    looked_up: list[float] = field(default_factory=list)

    async def append(self, console: Console) -> None:
        """Take a turn."""
        self.commits.append(await self.trail.single_commits())
        self.batches.append(await self.trail.batches())
        self.singles.append(await self.trail.singles())
        self.signed.append(await self.trail.until_signed())
        console.print(
            f"{self.name}: {self.batches[-1]:,.0f} in batches, {self.singles[-1]:,.0f} single,"
            f" {self.commits[-1]:,.0f} single commits a second"
        )

    def quantile(self, share: float) -> float:
        """The milliseconds that this share of the trails of persons did not exceed."""
        return sorted(self.looked_up)[int(len(self.looked_up) * share)] * 1000

    def figures(self) -> list[Figure]:
        """The medians."""
        base, commits = f"single_commits_{self.name}", median(self.commits)
        found = [Figure(base, commits, "1/s")]
        for name, values in (("batches", self.batches), ("singles", self.singles)):
            value = median(values)
            found.append(Figure(f"{name}_{self.name}", value, "1/s", base, value / commits))
        found.append(Figure(f"signed_after_{self.name}", median(self.signed), "s"))
        for share, label in ((0.5, "p50"), (0.99, "p99")):
            found.append(Figure(f"trail_{label}_{self.name}", self.quantile(share), "ms"))
        return found


async def _measured(records: int, rounds: int, console: Console) -> list[Figure]:
    async with Trail.running(console) as small, Trail.running(console) as large:
        sides = [_Side("small", small), _Side("large", large)]
        await small.fill(min(MILLION, records))
        await large.fill(records)
        for _ in range(rounds):
            for side in sides:
                await side.append(console)
        for at in range(0, LOOKUPS, PORTION):
            for side in sides:
                persons = side.trail.persons[at : at + PORTION]
                side.looked_up += await side.trail.looked_up(persons)
        figures = [figure for side in sides for figure in side.figures()]
        return [*figures, *_flatness(*sides), *await _sizes(large), *await _proved(large)]


def _flatness(small: _Side, large: _Side) -> list[Figure]:
    """How many times more a record and a look-up cost in the large trail."""
    return [
        Figure("batches_cost", median(small.batches) / median(large.batches), "times"),
        Figure("singles_cost", median(small.singles) / median(large.singles), "times"),
        Figure("trail_p50_cost", large.quantile(0.5) / small.quantile(0.5), "times"),
    ]


async def _sizes(trail: Trail) -> list[Figure]:
    held, tiles = await trail.sizes()
    return [
        Figure("record_with_all", held, "bytes"),
        Figure("tiles", tiles, "bytes", "record_with_all", tiles / held),
    ]


async def _proved(trail: Trail) -> list[Figure]:
    before = await trail.hashed()
    elapsed, core, with_database = await trail.proved()
    hashed = (before + await trail.hashed()) / 2
    return [
        Figure("hashed_per_core", hashed, "1/s"),
        *(
            Figure(name, value, "1/s", "hashed_per_core", value / hashed)
            for name, value in (
                ("proved", elapsed),
                ("proved_per_core", core),
                ("proved_per_core_with_database", with_database),
            )
        ),
    ]

"""Records by what they have in common with many, their grounds: run by run, as they are indexed."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

import asyncpg

from services.audit.model import MONTH_BITS, Kept
from services.kit.postgres import statements

SQL = statements("services.audit")
RUN_BITS = 18
"""How far left of the place in a run its number stands there."""
GROUND_BITS = 32
KEYS_AT_ONCE = 10_000
"""How many runs of how many grounds are looked at in one statement."""
LAST = 2**63 - 1
"""Beyond every place in the order of recording."""

Fetch = Callable[..., Awaitable[list[asyncpg.Record]]]
"""Runs a statement with its arguments."""


async def records_by_ground(
    fetch: Fetch, grounds: Sequence[int], after: int, until: int, most: int
) -> list[Kept]:
    """The records with one of some grounds after a place and up to another, in the order of
    recording: one run is looked at first, then ever more at once until there are enough."""
    found: list[Kept] = []
    if not grounds:
        return found
    for row in await fetch(SQL.list_last_places, after, until):
        begin = max(after + 1, row["month"] << MONTH_BITS)
        for runs in _parts(begin >> RUN_BITS, min(until, row["place"]) >> RUN_BITS, len(grounds)):
            keys = [run << GROUND_BITS | ground for run in runs for ground in grounds]
            arguments = keys, row["month"], after, until, most - len(found)
            found += [Kept(**one) for one in await fetch(SQL.list_records_by_ground, *arguments)]
            if len(found) == most:
                return found
    return found


def _parts(first: int, last: int, grounds: int) -> Iterator[range]:
    """The runs from one to another: one, then four times as many each time."""
    most, step = max(1, KEYS_AT_ONCE // grounds), 1
    while first <= last:
        yield range(first, min(first + step, last + 1))
        first, step = first + step, min(4 * step, most)

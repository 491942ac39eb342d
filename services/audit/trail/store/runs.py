"""Records by what they have in common, or by whom they are about: run by run, as they are kept."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import chain, islice

import asyncpg

from services.audit.trail.form import kept_in
from services.audit.trail.model import Kept, SubjectKey
from services.audit.trail.month_names import MONTH_BITS
from services.kit.postgres import statements

SQL = statements("services.audit")
SUBJECT_RUN_BITS = 22
RUN_BITS = 18
"""How far left of the place in a run its number stands there."""
GROUND_BITS = 32
KEYS_AT_ONCE = 10_000
"""How many runs of how many grounds are looked at in one statement."""
RUNS_AT_ONCE = 1_024
"""In how many runs a person is looked for in one statement."""
WALKED = 4_096
"""How many places are looked through one by one before a whole run is: who does much is found
there, and a page of his costs a page, not all that he did."""
LAST = 2**63 - 1
"""Beyond every place in the order of recording."""

Fetch = Callable[..., Awaitable[list[asyncpg.Record]]]
"""Runs a statement with its arguments."""


async def records_by_ground(
    fetch: Fetch, grounds: Sequence[int], after: int, until: int, most: int
) -> list[Kept]:
    """The records with one of some grounds after a place and up to another, in the order of
    recording: a few places are looked through, then one run, then ever more at once until there
    are enough."""
    found: list[Kept] = []
    if not grounds:
        return found
    months = await fetch(SQL.list_last_places, after, until)
    for row in months:
        begin = max(after + 1, row["month"] << MONTH_BITS)
        last = min(until, row["place"])
        if row is months[0]:
            walked = min(begin + WALKED - 1, last)
            arguments = grounds, begin - 1, walked, most
            found += kept_in(await fetch(SQL.list_records_of_grounds, *arguments))
            begin = walked + 1
        for runs in _parts(begin >> RUN_BITS, last >> RUN_BITS, KEYS_AT_ONCE // len(grounds)):
            if len(found) == most or begin > last:
                break
            keys = [run << GROUND_BITS | ground for run in runs for ground in grounds]
            looked = keys, row["month"], begin - 1, until, most - len(found)
            found += kept_in(await fetch(SQL.list_records_by_ground, *looked))
        if len(found) == most:
            return found
    return found


async def records_by_subject(
    fetch: Fetch, keys: Sequence[SubjectKey], after: int, most: int
) -> list[Kept]:
    """The records about a person after a place, in the order of recording."""
    found: list[Kept] = []
    if not keys:
        return found
    lasts = {row["month"]: row["place"] for row in await fetch(SQL.list_last_places, after, LAST)}
    runs = _runs_of(keys, lasts, after)
    at_once = 4
    while len(found) < most and (part := list(islice(runs, at_once))):
        columns = [list(column) for column in zip(*chain(*part), strict=True)]
        asked = *columns, after, most - len(found)
        found += kept_in(await fetch(SQL.list_records_by_subject, *asked))
        at_once = min(4 * at_once, RUNS_AT_ONCE)
    return found


Look = tuple[int, int, int, int]
"""Where a month begins and ends, the key of a run in the index, the key of a person."""


def _runs_of(
    keys: Sequence[SubjectKey], lasts: Mapping[int, int], after: int
) -> Iterator[list[Look]]:
    """The runs in which a person may be found, oldest first, each with all keys of its month."""
    for month in sorted({key.month for key in keys} & lasts.keys()):
        begins, ends = month << MONTH_BITS, month + 1 << MONTH_BITS
        persons = {key.key for key in keys if key.month == month}
        first = max(begins, after + 1) >> SUBJECT_RUN_BITS
        for run in range(first, (lasts[month] >> SUBJECT_RUN_BITS) + 1):
            yield [(begins, ends, _subject_run(run, person), person) for person in persons]


def _subject_run(run: int, person: int) -> int:
    """As the function of that name in the database has it."""
    key = (run & 4095) << 52 | person & ((1 << 52) - 1)
    return key - (1 << 64) if key >> 63 else key


def _parts(first: int, last: int, most: int) -> Iterator[range]:
    """The runs from one to another: one, then four times as many each time."""
    step = 1
    while first <= last:
        yield range(first, min(first + step, last + 1))
        first, step = first + step, max(1, min(4 * step, most))

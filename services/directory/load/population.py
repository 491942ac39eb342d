"""A country's worth of dossiers: generated, and loaded as fast as the disk takes them.

Persons are mock numbers in ascending order. Each gets one of 65,536 drawn profiles: between one and
some sixty dossiers, 10.9 on average, of the institutions that are there, in qualities of their
sectors, over the years since 1990. Figures: slide 17 (20,651,793 persons, 225,144,046
dossiers).
"""

import argparse
import asyncio
import random
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, chain, islice
from pathlib import Path
from time import monotonic

import asyncpg

from services.concepts.code_lists import code_lists
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import check_digits
from services.directory.model import DEFINITIVE, Organization
from services.directory.store import PostgresStore
from services.kit.postgres import pool

PERSONS = 20_651_793
DOSSIERS_PER_PERSON = 225_144_046 / 20_651_793
PROFILES = 1 << 16
BLOCK = 50_000
"""Persons of one transaction: what is loaded twice at most when a load is taken up again."""
INSTITUTIONS = 3000
DAYS = 100 * 12 * 28
"""Birthdays that are used: a hundred years of twelve months of 28 days."""

_FIRST_DAY = date(1990, 1, 1)
_EPOCH = date(2000, 1, 1)
_MICROSECONDS = 1_000_000
_OPEN = 0x7FFFFFFF
"""How PostgreSQL writes the day `infinity`."""
_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_ROW = struct.Struct(">hiq")
_INTEGER, _SMALL, _DATE, _INSTANT = (23, 4), (21, 2), (1082, 4), (1184, 8)

Told = Callable[[int, int, float], None]
"""Told of persons, dossiers and seconds so far."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The dossiers of a person as PostgreSQL's COPY reads them, and how many there are."""

    content: bytes
    dossiers: int


def numbers(persons: int) -> Iterator[int]:
    """That many mock identification numbers, ascending."""
    a_day = -(-persons // DAYS)
    days = (
        (year * 10_000 + (60 + month) * 100 + day, 20 if year <= 26 else 19)
        for year in range(100)
        for month in range(1, 13)
        for day in range(1, 29)
    )
    every = (
        nine * 100 + check_digits(nine, century)
        for at, century in days
        for nine in range(at * 1000, at * 1000 + a_day)
    )
    return islice(every, persons)


def profiles(keys: Sequence[tuple[int, SectorInstitution]], seed: int = 1990) -> list[Profile]:
    """Drawn profiles. The first institutions know many persons, most know few."""
    chance = random.Random(seed)  # noqa: S311
    weights = list(accumulate(1 / (place + 3) for place in range(len(keys))))
    recorded = int(
        (datetime(2026, 1, 1, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds()
    )
    return [_profile(chance, keys, weights, recorded) for _ in range(PROFILES)]


def _profile(
    chance: random.Random,
    keys: Sequence[tuple[int, SectorInstitution]],
    weights: Sequence[float],
    recorded: int,
) -> Profile:
    # Gamma upon one: most persons are known by a handful, some by dozens.
    wanted = 1 + round(chance.gammavariate(2.6, (DOSSIERS_PER_PERSON - 1) / 2.6))
    held: dict[tuple[int, int], None] = {}
    while len(held) < wanted:
        for key, place in chance.choices(keys, cum_weights=weights, k=wanted - len(held)):
            held[key, chance.choice(_codes(place.sector))] = None
    rows = []
    for key, quality in sorted(held):
        begin = _FIRST_DAY + timedelta(days=chance.randrange(13_000))
        first = (begin - _EPOCH).days
        last = first + chance.randrange(3000) if chance.random() < 0.1 else _OPEN
        at = (recorded - chance.randrange(10**9)) * _MICROSECONDS
        rows.append((key, quality, chance.choice((0, 0, 0, 1, 2)), first, last, at))
    columns = zip(*rows, strict=True)
    kinds = (_INTEGER, _SMALL, _SMALL, _DATE, _DATE, _INSTANT)
    content = b"".join(_array(kind, column) for kind, column in zip(kinds, columns, strict=True))
    return Profile(content, len(rows))


@cache
def _codes(sector: int) -> list[int]:
    return [DEFINITIVE, *code_lists().qualities.get(sector, ())]


def _array(kind: tuple[int, int], values: Sequence[int]) -> bytes:
    oid, size = kind
    element = {2: "h", 4: "i", 8: "q"}[size]
    body = struct.pack(
        ">" + f"i{element}" * len(values), *chain.from_iterable((size, value) for value in values)
    )
    head = struct.pack(">iiiii", 1, 0, oid, len(values), 1)
    return struct.pack(">i", len(head) + len(body)) + head + body


def institutions(how_many: int) -> list[Organization]:
    """Institutions at the places of the network, numbered in a range that is nobody's."""
    places = sorted(code_lists().places)
    eights = range(8_980_000, 8_980_000 + how_many)
    return [
        Organization(
            EnterpriseNumber(eight * 100 + 97 - eight % 97),
            f"Institution {n}",
            places[n % len(places)],
        )
        for n, eight in enumerate(eights)
    ]


async def populate(
    dsn: str, persons: int, told: Told, *, of: int | None = None, workers: int = 2
) -> int:
    """Load persons with their dossiers, as the database's owner; how many dossiers they have.

    What an interrupted run has loaded is left as it is. `of` is the size of the whole country,
    whose first persons are loaded.
    """
    async with pool(dsn, name="population", most=workers) as connections:
        await PostgresStore(connections).keys_of(institutions(INSTITUTIONS))
        rows = await connections.fetch(
            "select key, sector, institution from organization where sector is not null"
            " order by key"
        )
        drawn = profiles([(key, SectorInstitution(sector, kind)) for key, sector, kind in rows])
        every, begun, done = islice(numbers(of or persons), persons), monotonic(), [0, 0]

        async def load() -> None:
            while block := list(islice(every, BLOCK)):
                held = [drawn[number // 97 % PROFILES] for number in block]
                async with connections.acquire() as connection:
                    there = await _there(connection, block[0], block[-1])
                    fresh = [(n, one) for n, one in zip(block, held, strict=True) if n not in there]
                    await _copy(connection, fresh)
                done[0] += len(block)
                done[1] += sum(one.dossiers for one in held)
                told(done[0], done[1], monotonic() - begun)

        async with asyncio.TaskGroup() as together:
            for _ in range(workers):
                together.create_task(load())
        return done[1]


async def _there(connection: "asyncpg.pool.PoolConnectionProxy", first: int, last: int) -> set[int]:
    """Who is there already: a block is loaded as a whole, but there are other persons too."""
    found = "select ssin from person_dossiers where ssin between $1 and $2"
    return {row["ssin"] for row in await connection.fetch(found, first, last)}


async def _copy(
    connection: "asyncpg.pool.PoolConnectionProxy", rows: list[tuple[int, Profile]]
) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield _HEAD
        for at in range(0, len(rows), 1000):
            chunk = rows[at : at + 1000]
            yield b"".join(
                part for number, one in chunk for part in (_ROW.pack(7, 8, number), one.content)
            )
        yield _TAIL

    if rows:
        async with connection.transaction():
            await connection.execute("set local synchronous_commit = off")
            await connection.copy_to_table(
                "person_dossiers", source=content(), format="binary", timeout=3600
            )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.directory.load.population",
        description="Fill a directory with generated dossiers; goes on where it was interrupted.",
    )
    parser.add_argument("database_owner_dsn_file", type=Path, metavar="FILE")
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--workers", type=int, default=2, help="connections side by side")
    given = parser.parse_args()

    def tell(done: int, dossiers: int, seconds: float) -> None:
        rate = dossiers / seconds
        sys.stderr.write(
            f"{done:,} of {given.persons:,} persons, {dossiers:,} dossiers, {rate:,.0f}/s\r"
        )

    try:
        dsn = given.database_owner_dsn_file.read_text().strip()
        dossiers = asyncio.run(populate(dsn, given.persons, tell, workers=given.workers))
    except (OSError, asyncpg.PostgresError) as fault:
        # PostgreSQL's own text may quote a row.
        sys.exit(f"the directory is not filled: {type(fault).__name__}")
    sys.stderr.write(f"\n{given.persons:,} persons with {dossiers:,} dossiers are loaded\n")


if __name__ == "__main__":
    main()

"""What identification costs with a country in it: `cbss bench identification`.

A synthetic population is written and loaded into a PostgreSQL of its own that waits for the disk.
Measured are the load; ResolveSsins over mutual TLS, by 256 and one at a time, against the same
numbers read straight from the store; searches by sound, also of the commonest surnames, against a
look-up of the exact name; and how many of a labelled set of misspelt persons are among the first
ten found, beside a plain trigram and a plain Soundex search of the same days of birth.
"""

import argparse
import asyncio
import random
import statistics
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import asyncpg
from cbss.identification.v1 import identification_service_pb2 as pb
from rich.console import Console

from sandbox import people
from sandbox.ports import free_port
from sandbox.processes import Processes, Program, healthy, module
from sandbox.servers import databases
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges
from sandbox.state import State
from services.concepts.incomplete_date import IncompleteDate
from services.identification.load.country import load_country
from services.identification.model.searches import Phonetic
from services.identification.rules.searching import window
from services.identification.store.registers import PostgresRegisters
from services.identification.usecases.searching import by_sound
from services.kit.migrate import migrate
from services.kit.postgres import pool
from tests.bench import load, misspelling
from tests.bench.report import Figure, machine, write
from tests.support.certificates import Authority
from tests.support.scratch import scratch

USUAL = 2_000_000
BATCH = 256
WITHIN = 10
"""Candidates among which the person must be."""
SAMPLES = 4_000
RPC = "/cbss.identification.v1.IdentificationService/ResolveSsins"
MEMORY = (
    "shared_buffers=2GB",
    "max_wal_size=16GB",
    "checkpoint_timeout=30min",
    "maintenance_work_mem=512MB",
)


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench identification", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--persons", type=int, default=USUAL, help="how many; 20650000 is all")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each RPC is measured")
    parser.add_argument("--searches", type=int, default=1000, help="how many of each kind")
    given = parser.parse_args(arguments)
    with scratch("bench") as folder:
        figures = asyncio.run(_measured(folder, given, Console(stderr=True)))
    print(machine())
    for one in figures:
        beside = "" if one.ratio is None else f"   {one.ratio:.3g} of {one.ratio_to}"
        print(f"{one.name:<44}{one.value:>14,.3f} {one.unit}{beside}")
    if given.json:
        write(given.json, figures)


async def _measured(folder: Path, given: argparse.Namespace, console: Console) -> list[Figure]:
    figures: list[Figure] = []
    async with _database(folder) as files:
        owner, dsn = (file.read_text().strip() for file in (files.owner, files.service))
        await migrate(owner, "services.identification")
        written = folder / "people.csv"
        sampled, rate = _written(written, given.persons)
        figures += [
            Figure("persons", given.persons, "1"),
            Figure("written", rate, "persons/s"),
            *await _loaded(owner, written, console),
        ]
        written.unlink()
        async with pool(dsn, name="bench") as connections:
            figures += await _resolved(folder, files, connections, sampled, given.seconds)
            figures += await _searched(connections, sampled, given.searches)
            figures += await _found(owner, connections, sampled, given.searches)
    return figures


@asynccontextmanager
async def _database(folder: Path):
    """A server with the memory of a small database machine, and the database in it."""
    state, privileges = State.at(folder / "server").made(), Privileges.of_this_process()
    server = PostgresServer.made(
        state.postgres, free_port(), state.secrets / "postgres", privileges, *MEMORY
    )
    processes = Processes(state, lambda *_: None)
    await processes.start(Program("postgres", server.command, server.ready))
    try:
        files = databases.dsn_files(state.secrets, ("identification",))
        await databases.create(server.dsn(), files)
        yield files["identification"]
    finally:
        await processes.stop_all(())
        state.remove()


def _written(path: Path, persons: int) -> tuple[list[people.Person], float]:
    """Write the population; some of it to ask about, and how fast that went."""
    step = max(persons // SAMPLES, 1)
    sampled: list[people.Person] = []

    def made() -> Iterator[people.Person]:
        for at, one in enumerate(people.people(persons)):
            if at % step == 0:
                sampled.append(one)
            yield one

    begun = perf_counter()
    people.write(path, made(), lambda _: None)
    rate = persons / (perf_counter() - begun)
    random.Random(11).shuffle(sampled)
    return sampled, rate


async def _loaded(owner: str, path: Path, console: Console) -> list[Figure]:
    sent = 0.0

    def tell(persons: int, seconds: float) -> None:
        nonlocal sent
        sent = seconds
        console.print(f"{persons:,} persons, {persons / seconds:,.0f}/s", end="\r")

    connection = await asyncpg.connect(owner)
    try:
        begun = perf_counter()
        persons = await load_country(connection, path, tell)
        spent = perf_counter() - begun
        space = await connection.fetchval("select pg_database_size(current_database())")
    finally:
        await connection.close()
    return [
        Figure("loaded, indexes and statistics included", persons / spent, "persons/s"),
        Figure("loaded, rows alone", persons / sent, "persons/s"),
        Figure("space", space / persons, "bytes/person"),
    ]


async def _resolved(
    folder: Path,
    files: databases.DsnFiles,
    connections: asyncpg.Pool,
    sampled: Sequence[people.Person],
    seconds: float,
) -> list[Figure]:
    authority = Authority()
    bare = await _bare(connections, sampled, seconds)
    async with _serving(folder, files, authority) as address:
        mine = authority.files(folder, authority.workload("routing"), "routing")
        credentials = load.Credentials(
            mine.certificate_file, mine.private_key_file, mine.authority_file, "identification"
        )

        async def measured(size: int, in_flight: int) -> load.Measured:
            chance = random.Random(size)
            requests = tuple(
                pb.ResolveSsinsRequest(
                    ssins=[one.ssin for one in chance.choices(sampled, k=size)]
                ).SerializeToString()
                for _ in range(200)
            )
            how = load.Load(address, credentials, RPC, requests, _answered, in_flight, seconds)
            return await asyncio.to_thread(load.run, how, started=_silent, ended=_silent)

        batches, single = await measured(BATCH, 4), await measured(1, 1)
    resolved = batches.throughput * BATCH
    return [
        Figure("numbers read from the store, by 256", bare, "1/s"),
        Figure("resolved by 256", resolved, "1/s", "the store alone", resolved / bare),
        Figure("resolved by 256, p99", 1000 * batches.quantile(0.99), "ms"),
        Figure("resolved one at a time, p50", 1000 * single.quantile(0.5), "ms"),
        Figure("resolved one at a time, p99", 1000 * single.quantile(0.99), "ms"),
        Figure("failures", batches.failures + single.failures, "1"),
    ]


@asynccontextmanager
async def _serving(folder: Path, files: databases.DsnFiles, authority: Authority):
    """The service as it is started everywhere; nothing here asks one of its peers."""
    own = authority.files(folder, authority.workload("identification"), "identification")
    listen, health, metrics, away = (f"127.0.0.1:{free_port()}" for _ in range(4))
    settings = {
        "ENVIRONMENT": "test",
        "LISTEN_ADDRESS": listen,
        "HEALTH_ADDRESS": health,
        "METRICS_ADDRESS": metrics,
        **own.environment(),
        "DATABASE_DSN_FILE": str(files.service),
        "ACCESS_ADDRESS": away,
        "AUDIT_ADDRESS": away,
    }
    processes = Processes(State.at(folder / "service").made(), lambda *_: None)
    ready = partial(healthy, health)
    await processes.start(
        Program("identification", module("services.identification"), ready, settings)
    )
    try:
        yield listen
    finally:
        await processes.stop_all(())


async def _bare(
    connections: asyncpg.Pool, sampled: Sequence[people.Person], seconds: float
) -> float:
    statement = "select ssin, state, replaced_by, deceased_on from person where ssin = any($1)"
    chance, asked = random.Random(5), 0
    until = perf_counter() + min(seconds, 3)
    begun = perf_counter()
    while perf_counter() < until:
        await connections.fetch(
            statement, [int(one.ssin) for one in chance.choices(sampled, k=BATCH)]
        )
        asked += BATCH
    return asked / (perf_counter() - begun)


def _answered(answer: bytes) -> bool:
    return len(answer) > 0


def _silent() -> None:
    """Nothing is done when the measuring begins and ends."""


def _criteria(one: people.Person, last: str, first: str, tolerance: int = 10) -> Phonetic:
    return Phonetic(last, first, "", IncompleteDate(*one.birth), tolerance, None)


async def _searched(
    connections: asyncpg.Pool, sampled: Sequence[people.Person], many: int
) -> list[Figure]:
    registers = PostgresRegisters(connections)
    common = people.common_surnames(20)
    chance = random.Random(3)
    some = list(islice(sampled, many))

    def year(one: people.Person) -> people.Person:
        return replace(one, birth=(one.birth[0], 0, 0))

    kinds: dict[str, list[Phonetic]] = {
        "search, date to ten days": [
            _criteria(one, one.last_name, one.first_names[0]) for one in some
        ],
        "search, commonest surnames, date to ten days": [
            _criteria(one, chance.choice(common), one.first_names[0]) for one in some
        ],
        "search, commonest surnames, year to ten years": [
            _criteria(year(one), chance.choice(common), one.first_names[0]) for one in some
        ],
        "search, commonest, year to ten years, no first name": [
            _criteria(year(one), chance.choice(common), "") for one in some
        ],
    }
    exact = await _timed(connections, some)
    figures = [Figure("exact name and date, p50", exact, "ms")]
    for name, asked in kinds.items():
        spent = []
        for one in asked:
            begun = perf_counter()
            await by_sound(registers, one, 20)
            spent.append(1000 * (perf_counter() - begun))
        spent.sort()
        middle = statistics.median(spent)
        figures.append(Figure(f"{name}, p50", middle, "ms", "the exact name", middle / exact))
        figures.append(Figure(f"{name}, p99", spent[int(len(spent) * 0.99)], "ms"))
    return figures


async def _timed(connections: asyncpg.Pool, some: Sequence[people.Person]) -> float:
    statement = """
        select ssin from identity
        join name on name.name_id = identity.last_name_id
        where name.folded = $1 and identity.birth_date = $2"""
    spent = []
    for one in some:
        year, month, day = one.birth
        begun = perf_counter()
        folded, born = misspelling.folded(one.last_name), year * 10_000 + month * 100 + day
        await connections.fetch(statement, folded, born)
        spent.append(1000 * (perf_counter() - begun))
    return statistics.median(spent)


_TRIGRAM = """
    select ssin from identity
    where birth_date between $3 and $4 and last_name % $1
    order by similarity(last_name, $1) + similarity(coalesce(first_names[1], ''), $2) desc, ssin
    limit 10"""
_SOUNDEX = """
    select ssin from identity
    where birth_date between $3 and $4 and soundex(last_name) = soundex($1)
    order by difference(coalesce(first_names[1], ''), $2) desc, ssin
    limit 10"""


async def _found(
    owner: str, connections: asyncpg.Pool, sampled: Sequence[people.Person], many: int
) -> list[Figure]:
    labelled = misspelling.labelled(sampled, many)
    registers = PostgresRegisters(connections)
    beside = await asyncpg.connect(owner)
    try:
        for extension in ("pg_trgm", "fuzzystrmatch"):
            await beside.execute(f"create extension if not exists {extension}")
        await beside.execute("create index on identity (birth_date)", timeout=600)
        hits: dict[str, list[bool]] = {}
        for label in labelled:
            asked = _criteria(label.asked, label.last_name, label.first_name)
            candidates = (await by_sound(registers, asked, WITHIN)).candidates
            wanted = int(label.person.ssin)
            ours = wanted in {one.identity.ssin.number for one in candidates}
            days = window(asked.birth, 10)
            text = label.last_name, label.first_name, days.first, days.last
            for name, good in (
                ("all", ours),
                (label.kind, ours),
                (label.person.language, ours),
                ("trigram", wanted in {r[0] for r in await beside.fetch(_TRIGRAM, *text)}),
                ("Soundex", wanted in {r[0] for r in await beside.fetch(_SOUNDEX, *text)}),
            ):
                hits.setdefault(name, []).append(good)
    finally:
        await beside.close()
    share = {name: sum(good) / len(good) for name, good in hits.items()}
    baselines = ("trigram", "Soundex")
    figures = [
        Figure("labelled pairs", len(labelled), "1"),
        Figure("recall within ten", share["all"], "1", "trigram", _ratio(share, "trigram")),
    ]
    figures += [Figure(f"recall, plain {name}", share[name], "1") for name in baselines]
    kinds = sorted(name for name in share if name not in ("all", *baselines))
    return figures + [Figure(f"recall, {name}", share[name], "1") for name in kinds]


def _ratio(share: dict[str, float], name: str) -> float:
    return share["all"] / max(share[name], 1e-9)

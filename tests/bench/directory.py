"""What the reference directory costs at the size of the country: `cbss bench directory`.

A directory of its own, on a PostgreSQL of its own that waits for the disk, is filled first with a
million persons, then with a tenth of the country or, with `--full`, with all of it. Measured are
the load, the space, and look-ups over mutual TLS at both sizes, warm; and registrations by 64
writers at once. Look-ups stand against an RPC of the same process that reads no store,
registrations against one commit each.
"""

import argparse
import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from uuid import UUID

import asyncpg
from cbss.directory.v1 import directory_service_pb2 as pb
from rich.console import Console

from sandbox.country import Country, Options
from sandbox.organizations import organizations
from sandbox.ports import free_port
from sandbox.processes import Processes, Program
from sandbox.servers.databases import dsn_files
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges
from sandbox.state import State
from services.admission.model import Call
from services.admission.usecases import Admission
from services.concepts.code_lists import code_lists
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.head import Head
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.legal_context import LegalContext
from services.concepts.party import Certificate
from services.concepts.period import Period
from services.concepts.reference import Reference
from services.concepts.ssin import Ssin
from services.directory.load.population import PERSONS, numbers, populate
from services.directory.model import (
    Asked,
    Dossier,
    OrganizationKey,
    Proof,
    QualityCode,
    Register,
    Registering,
)
from services.directory.peers.registry import RegistryShelf
from services.directory.rules.registering import register
from services.directory.store import PostgresRegisters, PostgresStore
from services.directory.usecases import CatalogueKeeper, CatalogueMembers, Registrar
from services.kit.clock import utc_now
from services.kit.postgres import pool
from services.registry.store import PostgresStore as Kept
from services.registry.wire import Travelling
from tests.bench import load
from tests.bench.report import Figure, show, write
from tests.services.directory.fakes import FakePeers
from tests.support.scratch import scratch

SMALL = 1_000_000
BATCH = 256
WRITERS = 64
SERVICE = "cbss.directory.v1.DirectoryService"
SETTINGS = (
    "max_wal_size=16GB",
    "checkpoint_timeout=30min",
    "maintenance_work_mem=256MB",
    "autovacuum=off",
)


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench directory", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--full", action="store_true", help="the whole country, not a tenth")
    parser.add_argument("--persons", type=int, help="any other number of persons")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each is measured")
    given = parser.parse_args(arguments)
    persons = given.persons or (PERSONS if given.full else PERSONS // 10)
    with scratch("bench") as folder:
        measuring = _measured(folder, persons, given.seconds, Console(stderr=True))
        figures = asyncio.run(measuring)
    show(figures)
    if given.json:
        write(given.json, figures)


async def _measured(folder: Path, persons: int, seconds: float, console: Console) -> list[Figure]:
    # What a node of that size has: room for all of it.
    memory = "shared_buffers=11GB" if persons > PERSONS // 2 else "shared_buffers=2GB"
    async with _postgres(folder, memory) as dsn:
        options = Options(
            state=folder / "mesh", free_ports=True, database_url=dsn, tell=console.print
        )
        async with Country.up(options) as country:
            return await _all(country, persons, seconds, console)


@asynccontextmanager
async def _postgres(folder: Path, memory: str):
    """A server that has the memory of a small database machine, and waits for the disk."""
    state, privileges = State.at(folder / "server").made(), Privileges.of_this_process()
    server = PostgresServer.made(
        state.postgres, free_port(), state.secrets / "postgres", privileges, *SETTINGS, memory
    )
    processes = Processes(state, lambda *_: None)
    program = Program("postgres", server.command, server.ready)
    await processes.start(program)
    try:
        yield server.dsn()
    finally:
        await processes.stop_all(())
        state.remove()


async def _all(country: Country, persons: int, seconds: float, console: Console) -> list[Figure]:
    files = dsn_files(country.state.secrets)["directory"]
    owner, service = (file.read_text().strip() for file in (files.owner, files.service))
    small = min(SMALL, persons // 2)

    def told(done: int, dossiers: int, spent: float) -> None:
        console.print(f"{done:,} persons, {dossiers / spent:,.0f} dossiers/s", end="\r")

    figures: list[Figure] = []
    await populate(owner, small, told, of=persons)
    await _settled(owner)
    before = await _lookups(country, persons, small, seconds)
    begun = perf_counter()
    dossiers = await populate(owner, persons, told, of=persons)
    spent = perf_counter() - begun
    loaded = dossiers * (persons - small) / persons
    figures.append(Figure("persons", persons, "1"))
    figures.append(Figure("dossiers", dossiers, "1"))
    figures.append(Figure("load", loaded / spent, "dossiers/s"))
    await _settled(owner)
    figures.append(Figure("space", await _bytes(owner) / dossiers, "bytes/dossier"))
    after = await _lookups(country, persons, persons, seconds)
    for name, size, found in (("small", small, before), ("whole", persons, after)):
        figures.append(Figure(f"persons_{name}", size, "1"))
        figures += _figures(name, found)
    for kind in ("batch", "single"):
        # The median: what other work on the machine costs is in the tail.
        cost = after[kind].quantile(0.5) / before[kind].quantile(0.5)
        figures.append(Figure(f"cost_{kind}_whole", cost, "1", f"cost_{kind}_small", cost))
    console.print("\nlook-ups measured")
    figures += await _registrations(service, await _reference(country), persons, seconds)
    return figures


async def _settled(dsn: str) -> None:
    """Read every page of the table and of its keys into memory: what is measured next is warm."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("vacuum (analyze, buffer_usage_limit 0) person_dossiers", timeout=7200)
    await connection.execute("set enable_seqscan = off")
    await connection.execute("set enable_bitmapscan = off")
    await connection.fetchval("select count(*) from person_dossiers where ssin > 0", timeout=7200)
    await connection.close()


async def _bytes(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    size = await connection.fetchval(
        "select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
        " where inhparent in ('person_dossiers'::regclass, 'superseded_dossier'::regclass)"
    )
    await connection.close()
    return int(size)


async def _lookups(
    country: Country, of: int, loaded: int, seconds: float
) -> dict[str, load.Measured]:
    """Batches, single persons, and the bare RPC, over what is loaded of the country."""
    chance = random.Random(loaded)
    every = list(islice(numbers(of), loaded))

    def batch(size: int) -> bytes:
        persons = chance.sample(every, size)
        return pb.LocateDossiersRequest(questions=map(_question, persons)).SerializeToString()

    bare = (pb.ListOrganizationsRequest(page_size=1).SerializeToString(),)
    cases = {
        "bare": ("ListOrganizations", bare, 1),
        "single": ("LocateDossiers", tuple(batch(1) for _ in range(20_000)), 1),
        "batch": ("LocateDossiers", tuple(batch(BATCH) for _ in range(500)), 2),
    }
    return {
        name: await asyncio.to_thread(_run, country, method, requests, in_flight, seconds)
        for name, (method, requests, in_flight) in cases.items()
    }


def _question(number: int) -> pb.DossierQuestion:
    question = pb.DossierQuestion(
        ssin=f"{number:011d}",
        customer_cbe_number=organizations()["pcsw-ghent"].cbe_number,
        data_contract="HANDICAP",
        contract_version=1,
    )
    for day in (question.period.begin_date, question.period.end_date):
        day.year, day.month, day.day = 2026, 1, 1
    return question


def _run(
    country: Country, method: str, requests: tuple[bytes, ...], in_flight: int, seconds: float
) -> load.Measured:
    files = country.vault.workload("routing")
    credentials = load.Credentials(
        files.certificate,
        files.private_key,
        country.vault.authority_file("mesh"),
        "directory",
    )
    measured = load.run(
        load.Load(
            country.ports.address("directory"),
            credentials,
            f"/{SERVICE}/{method}",
            requests,
            bool,
            in_flight,
            seconds,
        ),
        started=lambda: None,
        ended=lambda: None,
    )
    if measured.failures:
        raise SystemExit(f"{method}: {measured.failures} of the calls failed")
    return measured


def _figures(name: str, found: dict[str, load.Measured]) -> list[Figure]:
    batch, single, bare = found["batch"], found["single"], found["bare"]
    figures = [
        Figure(f"bare_{name}", bare.throughput, "1/s"),
        Figure(f"locate_batch_{name}", batch.throughput * BATCH, "persons/s"),
        Figure(
            f"locate_single_{name}",
            single.throughput,
            "persons/s",
            f"bare_{name}",
            single.throughput / bare.throughput,
        ),
    ]
    for share, label in ((0.5, "p50"), (0.99, "p99"), (0.999, "p99.9")):
        value, against = single.quantile(share), bare.quantile(share)
        figures.append(Figure(f"bare_{name}_{label}", against * 1000, "ms"))
        figures.append(
            Figure(
                f"locate_single_{name}_{label}",
                value * 1000,
                "ms",
                f"bare_{name}_{label}",
                value / against,
            )
        )
    return figures


async def _reference(country: Country) -> Reference:
    """What the registry of the country holds."""
    dsn = dsn_files(country.state.secrets)["registry"].service.read_text().strip()
    async with pool(dsn, name="bench", most=1) as connections:
        form = Travelling()
        return form.read(await Kept(connections, form).head(b""))


async def _registrations(
    dsn: str, reference: Reference, persons: int, seconds: float
) -> list[Figure]:
    """How many registrations a second are durable: each in a commit of its own, and gathered."""
    async with pool(dsn, name="bench", most=4) as connections:
        keeper = CatalogueKeeper(
            RegistryShelf(PostgresStore(connections), SimpleNamespace(current=lambda: reference)),
            interval=timedelta(0),
            maximum_age=timedelta(hours=1),
            today=date.today,
        )
        await keeper.refresh()
        (number, key) = next(
            (one.cbe_number, keeper.current().keys[one.cbe_number])
            for one in keeper.current().organizations.values()
            if one.cbe_number == parse_enterprise_number(organizations()["dgph"].cbe_number)
        )
        keys = keeper.current().organizations[number].public_key_sha256
        peers, registers = FakePeers(), PostgresRegisters(connections)
        registrar = Registrar(
            keeper,
            *(Admission(CatalogueMembers(keeper), peers, peers), peers),
            registers,
            PostgresStore(connections),
            code_lists(),
            utc_now,
        )
        every = list(islice(numbers(persons), persons))
        chance = random.Random(64)
        call = Call(
            ticket=UUID(int=1),
            rpc="",
            received_at=utc_now(),
            day=utc_now().date(),
            certificate=Certificate(number, keys[0], ""),
        )
        asked = Asked(Head("T", number, LegalContext("BENCH")))
        proof = Proof(last_name="Mock", birth_date=IncompleteDate(1971))

        async def whole() -> None:
            about = replace(asked, person=Ssin(chance.choice(every)))
            begin = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
            wanted = Registering(about, Register.PRIMARY, QualityCode(1), 0, begin, None, proof)
            outcome = await registrar.register(call, wanted)
            assert outcome.status.code.code == "MSG00000"
            peers.entries.clear()
            peers.checked.clear()

        async def alone() -> None:
            person, wanted = Ssin(chance.choice(every)), _dossier(key, chance)
            await registers.change(person, lambda known: register(known, wanted))

        single = await _rate(alone, 1, seconds)
        gathered = await _rate(whole, WRITERS, seconds)
    return [
        Figure("register_one_at_a_time", single, "1/s"),
        Figure(
            f"register_{WRITERS}_writers",
            gathered,
            "1/s",
            "register_one_at_a_time",
            gathered / single,
        ),
    ]


def _dossier(key: OrganizationKey, chance: random.Random) -> Dossier:
    begin = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
    return Dossier(key, QualityCode(2), 0, Period(begin))


async def _rate(work: Callable[[], Awaitable[None]], writers: int, seconds: float) -> float:
    state = SimpleNamespace(done=0, until=perf_counter() + seconds)

    async def write() -> None:
        while perf_counter() < state.until:
            await work()
            state.done += 1

    begun = perf_counter()
    async with asyncio.TaskGroup() as together:
        for _ in range(writers):
            together.create_task(write())
    return state.done / (perf_counter() - begun)

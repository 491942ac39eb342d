"""What a decision of access costs: 10 and 10,000 deliberations, alone and in batches of 256, over
mutual TLS and without, permitted and denied, beside the same decisions by Cedar.

One run measures, in this order: reading and compiling a set; decisions in the process, first and
repeated; Cedar on the same questions; then, for a real access service on a real PostgreSQL, its
start, its memory, and calls over mutual TLS. Ratios are to figures of the same run.

What is asked is counted into the sample every second here, ten times as often as by default, so
that each load pays for it several times; the last one asks more distinct questions than a day has
room for. The database's CPU is told beside the service's, in cores.
"""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import asyncpg
import psutil
from cbss.access.v1 import access_service_pb2 as pb
from rich.console import Console
from rich.table import Table

from services.access.model import Deliberation, Holdings
from services.access.rules.snapshots import Compiler
from services.access.store.postgres import PostgresStore
from services.access.usecases import Access, Today
from services.access.wire.decisions import (
    Travelling,
    decode_check_access,
    encode_check_access_response,
)
from services.kit.migrate import migrate
from services.kit.postgres import pool
from tests.bench import acts, load
from tests.bench.engine import Cedar
from tests.bench.report import Figure, machine, write
from tests.support import postgres
from tests.support.access_process import replica
from tests.support.certificates import Authority, Files
from tests.support.scratch import scratch

FEW, MANY = 10, 10_000
BATCH = 256
DISTINCT = 20_000
"""Distinct questions of a day, twice as many as are kept of one."""
CHECK = "/cbss.access.v1.AccessService/CheckAccess"
MEGABYTE = 1e6


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench access", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each load lasts")
    given = parser.parse_args(arguments)
    console = Console(stderr=True)
    figures = [*_inside(console), *asyncio.run(_served(given.seconds, console))]
    _show(figures)
    if given.json:
        write(given.json, figures)


def _inside(console: Console) -> list[Figure]:
    """Without the wire, in CPU seconds of this process: exactly what one core does."""
    begun = process_time()
    many = list(acts.deliberations(MANY))
    figures = [Figure("read_10000", process_time() - begun, "s")]
    gc.collect()
    before = psutil.Process().memory_info().rss
    compiler = Compiler()
    begun = process_time()
    compiler.compiled(many, 1)
    figures.append(Figure("compile_10000", process_time() - begun, "s"))
    begun = process_time()
    compiler.compiled(many, 2)
    figures.append(Figure("compile_10000_again", process_time() - begun, "s"))
    grown = (psutil.Process().memory_info().rss - before) / MEGABYTE
    figures.append(Figure("compile_10000_memory", grown, "MB"))
    console.print("compiled")
    few = many[:FEW]
    figures += _deciding(few, many)
    console.print("decided in the process")
    figures += _beside(few, many)
    console.print("decided by Cedar")
    return figures


def _deciding(few: Sequence[Deliberation], many: Sequence[Deliberation]) -> list[Figure]:
    figures: list[Figure] = []
    number = 400
    for verdict, denied in (("permitted", False), ("denied", True)):
        same = acts.batches(FEW, BATCH, number, denied=denied)
        spread = acts.batches(MANY, BATCH, number, denied=denied)
        base = f"{verdict}_10"
        decided = {
            base: _per_second(_handler(few), same),
            f"{verdict}_10000": _per_second(_handler(many), same),
            f"{verdict}_10000_spread": _per_second(_handler(many), spread),
            f"{verdict}_10000_first": _per_second(_handler(many), spread, first=True),
        }
        figures += [
            Figure(name, value, "1/s", base, value / decided[base])
            for name, value in decided.items()
        ]
    return figures


def _handler(texts: Sequence[Deliberation]) -> Callable[[bytes], bytes]:
    """What the service does between the bytes of a request and those of the answer."""

    class Held:
        async def revision(self) -> int:
            return 1

        async def holdings(self) -> Holdings:
            return Holdings(tuple(texts), (), 1)

    noon = datetime(2026, 3, 31, 12, tzinfo=UTC)
    day = timedelta(days=1)
    access = Access(Held(), lambda: noon, maximum_age=day, interval=day)  # type: ignore[arg-type]
    asyncio.run(access.refresh())
    form, today = Travelling(), Today(acts.DAY, frozenset({acts.DAY}))

    def handle(request: bytes) -> bytes:
        questions = decode_check_access(pb.CheckAccessRequest.FromString(request))
        return encode_check_access_response(
            *access.check_access(questions, today, form)
        ).SerializeToString()

    return handle


def _per_second(
    handle: Callable[[bytes], bytes], requests: Sequence[bytes], *, first: bool = False
) -> float:
    """Decisions a second of one core; `first` counts the first time that each is asked."""
    if not first:
        for request in requests:
            handle(request)
    begun = process_time()
    for request in requests:
        handle(request)
    return len(requests) * BATCH / (process_time() - begun)


def _beside(few: Sequence[Deliberation], many: Sequence[Deliberation]) -> list[Figure]:
    figures: list[Figure] = []
    for size, texts, number in ((FEW, few, 20 * BATCH), (MANY, many, BATCH)):
        questions = [
            one
            for denied in (False, True)
            for one in acts.questions(size, number // 2, denied=denied)
        ]
        cedar = Cedar(texts)
        begun = process_time()
        theirs = cedar.decide(questions)
        spent = process_time() - begun
        handle = _handler(texts)
        raw = pb.CheckAccessRequest(questions=questions[:BATCH]).SerializeToString()
        batches = [
            pb.CheckAccessRequest(questions=questions[at : at + BATCH]).SerializeToString()
            for at in range(0, len(questions), BATCH)
        ]
        ours = [
            one.HasField("granted")
            for request in batches
            for one in pb.CheckAccessResponse.FromString(handle(request)).decisions
        ]
        if ours != theirs:
            raise SystemExit("Cedar decides otherwise: the two do not say the same")
        repeat = max(1, 100_000 // len(raw))
        mine = _per_second(handle, batches * repeat)
        figures += [
            Figure(f"cedar_{size}", len(theirs) / spent, "1/s"),
            Figure(f"cedar_{size}_parse", cedar.seconds, "s"),
            Figure(f"ours_{size}_beside", mine, "1/s", f"cedar_{size}", mine * spent / len(theirs)),
        ]
    return figures


async def _served(seconds: float, console: Console) -> list[Figure]:
    figures: list[Figure] = []
    with postgres.running() as server:
        for size in (FEW, MANY):
            async with _service(server, size) as served:
                figures += served.figures
                figures += await asyncio.to_thread(_loads, served, size, seconds)
            console.print(f"{size} deliberations measured over mutual TLS")
    return [_against(figure, figures) for figure in figures]


class _Served:
    """A running access service."""

    def __init__(
        self,
        address: str,
        process: psutil.Process,
        database: psutil.Process,
        files: Files,
        figures: list[Figure],
    ):
        self.address = address
        self.process = process
        self.database = database
        self.files = files
        self.figures = figures

    def spent(self) -> tuple[float, float, float]:
        """CPU seconds so far of the service and of the database, and the moment."""
        backends = [self.database, *self.database.children()]
        # What has ended was added to the parent's account of its children.
        database = sum(sum(one.cpu_times()[:2]) for one in backends)
        database += sum(self.database.cpu_times()[2:4])
        return sum(self.process.cpu_times()[:2]), database, perf_counter()


@asynccontextmanager
async def _service(server: postgres.Postgres, size: int) -> AsyncIterator[_Served]:
    database = await server.database("access")
    await migrate(database.owner_dsn, "services.access")
    async with pool(database.owner_dsn, name="access-load") as owner:
        await PostgresStore(owner).enact(list(acts.deliberations(size)))
    with scratch("bench") as folder:
        begun = perf_counter()
        settings = {"SAMPLE_INTERVAL": "1"}
        async with replica(database.dsn, Authority(), folder, **settings) as running:
            started = perf_counter() - begun
            process = psutil.Process(running.pid)
            memory = process.memory_info().rss / MEGABYTE
            figures = [
                Figure(f"served_{size}_start", started, "s"),
                Figure(f"served_{size}_memory", memory, "MB"),
            ]
            yield _Served(
                running.address, process, await _postmaster(server), running.routing, figures
            )


async def _postmaster(server: postgres.Postgres) -> psutil.Process:
    connection = await asyncpg.connect(server.dsn("postgres", "postgres"))
    try:
        backend = psutil.Process(await connection.fetchval("select pg_backend_pid()"))
        parent = backend.parent()
        assert parent is not None
        return parent
    finally:
        await connection.close()


def _loads(served: _Served, size: int, seconds: float) -> list[Figure]:
    figures: list[Figure] = []
    kinds = {
        "single_permitted": (acts.batches(FEW, 1, 100), 1, 1),
        "single_denied": (acts.batches(FEW, 1, 100, denied=True), 1, 1),
        "batch_permitted": (acts.batches(FEW, BATCH, 100), BATCH, 4),
        "batch_denied": (acts.batches(FEW, BATCH, 100, denied=True), BATCH, 4),
    }
    if size == MANY:
        kinds["batch_spread"] = (acts.batches(MANY, BATCH, 400), BATCH, 4)
        kinds["batch_day_full"] = (acts.batches(MANY, BATCH, -(-DISTINCT // BATCH)), BATCH, 4)
    for kind, (requests, questions, in_flight) in kinds.items():
        spent: list[tuple[float, float, float]] = []
        measured = load.run(
            load.Load(
                served.address,
                load.Credentials(
                    served.files.certificate_file,
                    served.files.private_key_file,
                    served.files.authority_file,
                    "access",
                ),
                CHECK,
                tuple(requests),
                bool,
                in_flight,
                seconds,
            ),
            started=partial(_note, spent, served),
            ended=partial(_note, spent, served),
        )
        if measured.failures:
            raise SystemExit(f"{kind}: {measured.failures} calls failed")
        name = f"served_{size}_{kind}"
        decisions = len(measured.latencies) * questions
        figures += [
            Figure(name, measured.throughput * questions, "1/s"),
            Figure(f"{name}_a_core", decisions / (spent[1][0] - spent[0][0]), "1/s"),
            Figure(
                f"{name}_database",
                (spent[1][1] - spent[0][1]) / (spent[1][2] - spent[0][2]),
                "cores",
            ),
            Figure(f"{name}_p50", measured.quantile(0.5) * 1000, "ms"),
            Figure(f"{name}_p99", measured.quantile(0.99) * 1000, "ms"),
        ]
    return figures


def _note(spent: list[tuple[float, float, float]], served: _Served) -> None:
    spent.append(served.spent())


def _against(figure: Figure, figures: Sequence[Figure]) -> Figure:
    """The figure with its ratio to the same with few deliberations, or to the permitted one."""
    few = figure.name.replace(f"served_{MANY}_", f"served_{FEW}_")
    permitted = figure.name.replace("denied", "permitted")
    base = permitted if permitted != figure.name else few
    for other in figures:
        if other.name == base and base != figure.name and other.value:
            return Figure(figure.name, figure.value, figure.unit, base, figure.value / other.value)
    return figure


def _show(figures: Sequence[Figure]) -> None:
    console = Console(width=120)
    console.print(machine(), f"load {os.getloadavg()[0]:.1f}")
    table = Table(box=None, padding=(0, 2))
    for heading in ("figure", "value", "unit", "ratio", "to"):
        table.add_column(heading, justify="right" if heading in ("value", "ratio") else "left")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:,.0f}" if figure.unit == "1/s" else f"{figure.value:,.2f}",
            figure.unit,
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            figure.ratio_to or "",
        )
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])

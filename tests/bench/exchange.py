"""What an exchange costs: `cbss bench exchange [--json FILE]`.

In one run, over mutual TLS, on one machine: the supplier called directly, the same supplier
through the same edge with nothing between (bare edge), a full exchange, and one that is denied;
each with 1, 16 and 64 calls in flight. Ratios say more than numbers: machines differ, the run is
the same.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from rich.console import Console

from gateway import process
from gateway.admin import Admin
from gateway.envoy.bootstrap import Edge, bootstrap
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.routes import Route
from gateway.secrets import Secrets
from sandbox.client import consultation
from sandbox.country import Country, Options
from sandbox.organizations import organizations
from sandbox.ports import free_port
from services.kit.tls import Files
from tests.bench import load
from tests.bench.report import Figure, show, write
from tests.support.scratch import scratch

SUPPLIER = "dgph"
ANSWER = "cbss.supplier.v1.SupplierService/Answer"
CONSULT = "cbss.routing.v1.RoutingService/Consult"
CONTEXT = "PCSW:LIVING_WAGE_MEANS_TEST"
PERSONS = ("71713000318", "19720100821")
IN_FLIGHT = (1, 16, 64)
UNBOUNDED = "1000000"
MICROSECONDS = 1e6


def is_data(answer: bytes) -> bool:
    """A consultation or a source's answer with data."""
    return b"MSG00000" in answer


def is_denied(answer: bytes) -> bool:
    """A consultation that no deliberation allows."""
    return b"MSG00013" in answer


@dataclass(frozen=True)
class Case:
    """One kind of call."""

    name: str
    address: str
    credentials: load.Credentials
    method: str
    requests: tuple[bytes, ...]
    check: load.Check


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench exchange", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each is measured")
    parser.add_argument("--rounds", type=int, default=1, help="repeat all, and take the medians")
    given = parser.parse_args(arguments)
    figures = asyncio.run(_measured(given.seconds, given.rounds, Console(stderr=True)))
    show(figures)
    if given.json:
        write(given.json, figures)


async def _measured(seconds: float, rounds: int, console: Console) -> list[Figure]:
    figures: list[Figure] = []
    with scratch("bench") as folder:
        options = Options(state=folder / "state", free_ports=True, tell=console.print)
        async with Country.up(options) as country, _bare_edge(country) as (address, envoy):
            # All the load is of one client: what the edge allows one must not bound it.
            await country.stop("gateway")
            await country.start("gateway", CLIENT_BURST=UNBOUNDED, CLIENT_PER_SECOND=UNBOUNDED)
            for in_flight in IN_FLIGHT:
                runs = [
                    [
                        (
                            case,
                            *await asyncio.to_thread(
                                _run, case, in_flight, seconds, country, envoy
                            ),
                        )
                        for case in _cases(country, address)
                    ]
                    for _ in range(rounds)
                ]
                figures += _figures(sorted(runs, key=_full_throughput)[len(runs) // 2], in_flight)
                console.print(f"{in_flight} in flight measured")
    return figures


def _full_throughput(run: list[tuple[Case, load.Measured, dict[str, float]]]) -> float:
    return next(measured.throughput for case, measured, _ in run if case.name == "full")


def _run(
    case: Case, in_flight: int, seconds: float, country: Country, envoy: int
) -> tuple[load.Measured, dict[str, float]]:
    """What came of one load, and the CPU seconds that each process spent on it."""
    watched = _watched(country, envoy)
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    measured = load.run(
        load.Load(
            case.address,
            case.credentials,
            f"/{case.method}",
            case.requests,
            case.check,
            in_flight,
            seconds,
        ),
        started=lambda: before.update(_cpu(watched)),
        ended=lambda: after.update(_cpu(watched)),
    )
    if measured.failures:
        raise SystemExit(f"{case.name}: {measured.failures} of the calls were not as expected")
    return measured, {name: after[name] - before[name] for name in after}


def _watched(country: Country, envoy: int) -> dict[str, list[psutil.Process]]:
    """All processes by name, each with its children."""
    pids = {name: country.processes.pid(name) for name in country.processes.names()}
    pids["bare edge"] = envoy
    watched = {}
    for name, pid in pids.items():
        parent = psutil.Process(pid)
        watched[name] = [parent, *parent.children(recursive=True)]
    return watched


def _cpu(watched: dict[str, list[psutil.Process]]) -> dict[str, float]:
    return {
        name: sum(sum(one.cpu_times()[:2]) for one in family) for name, family in watched.items()
    }


def _cases(country: Country, bare_edge: str) -> list[Case]:
    vault, edge = country.vault, country.ports.address("gateway")
    institutions, sources = map(vault.authority_file, ("institutions", "sources"))
    routing = vault.workload("routing")
    centre, transport = vault.files("pcsw-ghent"), vault.files("transport")
    asked = organizations()

    def client(files: object, name: str) -> load.Credentials:
        authority = sources if name == SUPPLIER else institutions
        return load.Credentials(files.certificate, files.private_key, authority, name)

    questions = tuple(
        supplier_pb.AnswerRequest(questions=[_question(ssin)]).SerializeToString()
        for ssin in PERSONS
    )

    def consultations(name: str) -> tuple[bytes, ...]:
        number = asked[name].cbe_number
        return tuple(
            consultation(number, CONTEXT, "HANDICAP", ssin).SerializeToString() for ssin in PERSONS
        )

    return [
        Case(
            "direct",
            country.ports.address(SUPPLIER),
            client(routing, SUPPLIER),
            ANSWER,
            questions,
            is_data,
        ),
        Case("bare_edge", bare_edge, client(centre, "gateway"), ANSWER, questions, is_data),
        Case(
            "full", edge, client(centre, "gateway"), CONSULT, consultations("pcsw-ghent"), is_data
        ),
        Case(
            "denied",
            edge,
            client(transport, "gateway"),
            CONSULT,
            consultations("transport"),
            is_denied,
        ),
    ]


def _question(ssin: str) -> supplier_pb.Question:
    question = supplier_pb.Question(
        legal_context=CONTEXT, data_contract="HANDICAP", contract_version=1, ssin=ssin
    )
    for day in (question.period.begin_date, question.period.end_date):
        day.year, day.month, day.day = 2026, 1, 1
    return question


@asynccontextmanager
async def _bare_edge(country: Country) -> AsyncIterator[tuple[str, int]]:
    """A second edge of the same make, with the supplier straight behind it; address and pid."""
    folder = country.state.folder / "bare-edge"
    folder.mkdir()
    vault, ports = country.vault, country.ports
    edge_files, routing = vault.files("edge"), vault.workload("routing")
    institutions, sources = map(vault.authority_file, ("institutions", "sources"))
    Secrets(
        folder / "secrets",
        Files(edge_files.certificate, edge_files.private_key, institutions),
        # To the supplier it shows the one certificate that suppliers accept.
        Files(routing.certificate, routing.private_key, sources),
        vault.revocation_list,
    ).refresh()
    address, admin = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    upstream = Upstream(SUPPLIER, ports.address(SUPPLIER), ports.address(f"{SUPPLIER}-health"))
    edge = Edge(
        address,
        admin,
        [Route(ANSWER, SUPPLIER)],
        [upstream],
        Limits(burst=int(UNBOUNDED), per_second=int(UNBOUNDED)),
        folder / "secrets",
        folder / "refusals.jsonl",
    )
    process.write(bootstrap(edge), folder / "envoy.json")
    binary = process.wheel_binary()
    async with process.running(binary, folder / "envoy.json", workers=1, log_level="error"):
        await _until(lambda: Admin(admin).ready())
        await asyncio.sleep(2)  # until the first health check of the supplier
        yield address, _started(folder / "envoy.json")


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(300):
        if await holds():
            return
        await asyncio.sleep(0.1)
    raise SystemExit("the bare edge did not get ready")


def _started(configuration: Path) -> int:
    """The number of the process of ours that was started on a configuration."""
    ours = psutil.Process().children()
    return next(one.pid for one in ours if str(configuration) in one.cmdline())


def _figures(
    run: list[tuple[Case, load.Measured, dict[str, float]]], in_flight: int
) -> list[Figure]:
    bare = next(measured for case, measured, _ in run if case.name == "bare_edge")
    figures = []
    for case, measured, cpu in run:
        name = f"{case.name}_{in_flight}"
        base = f"bare_edge_{in_flight}"
        ratio = measured.throughput / bare.throughput
        figures.append(Figure(name, measured.throughput, "1/s", base, ratio))
        for share, label in ((0.5, "p50"), (0.99, "p99"), (0.998, "p99.8")):
            value, against = measured.quantile(share), bare.quantile(share)
            figures.append(
                Figure(f"{name}_{label}", value * 1000, "ms", f"{base}_{label}", value / against)
            )
        count = len(measured.latencies)
        spent = {part: seconds / count * MICROSECONDS for part, seconds in cpu.items()}
        figures.append(Figure(f"{name}_cpu", sum(spent.values()), "us"))
        figures += [
            Figure(f"{name}_cpu_{part.replace(' ', '_')}", value, "us")
            for part, value in sorted(spent.items(), key=lambda one: -one[1])
            if value >= 1
        ]
    return figures


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])

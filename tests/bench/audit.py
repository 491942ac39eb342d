"""What the trail costs: `cbss bench audit [--json FILE] [--records N | --full]`.

In one run, on one machine, over mutual TLS: durable appends in batches of a thousand and from 64
single callers, against single durable commits of the same database; the trail of a person, and
appends again, with a million records and with as many as asked; how soon all is in a signed tree;
the proof of the whole store; and what a record takes on disk, indexes and tiles included.
"""

import argparse
import asyncio
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import psutil
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from rich.console import Console

from sandbox.client import Operator
from sandbox.country import Country, Options
from sandbox.servers.postgres import SUPERUSER
from services.audit.subjects import MonthKey, SubjectKeys
from services.concepts.ssin import Ssin
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import Note
from tests.bench import appends, load
from tests.bench.report import Figure, machine, write
from tests.support.scratch import scratch

MILLION = 1_000_000
LOOKUPS = 200
EACH = 10
"""How many exchanges each of the persons that are looked up is given when records are added."""
SINGLE_CALLERS = 64
UNUSED = ("gateway", "routing", "identification", "directory", "access", "buffer", "valkey")


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench audit", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--records", type=int, default=3 * MILLION, help="how many in the end")
    parser.add_argument("--full", action="store_true", help="a hundred million; takes an hour")
    given = parser.parse_args(arguments)
    records = 100 * MILLION if given.full else given.records
    console = Console(stderr=True)
    figures = asyncio.run(_measured(records, console))
    print(machine(), f"load {psutil.getloadavg()[0]:.1f}")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:8.2f} of {figure.ratio_to}"
        print(f"{figure.name:34}{figure.value:14,.2f} {figure.unit:8}{ratio}")
    if given.json:
        write(given.json, figures)


async def _measured(records: int, console: Console) -> list[Figure]:
    with scratch("bench") as folder:
        options = Options(state=folder / "state", free_ports=True, tell=console.print)
        async with Country.up(options) as country:
            for name in UNUSED:
                await country.stop(name)
            bench = _Bench(country, console)
            return await bench.measured(records)


class _Bench:
    def __init__(self, country: Country, console: Console) -> None:
        self._country = country
        self._console = console
        self._owner_dsn = (country.state.secrets / "audit-owner.dsn").read_text().strip()
        files = country.vault.workload("routing")
        self._credentials = load.Credentials(
            files.certificate, files.private_key, country.vault.authority_file("mesh"), "audit"
        )
        chance = random.Random(1)
        self._persons = [appends.ssin(chance.randrange(appends.PERSONS)) for _ in range(LOOKUPS)]
        self.figures: list[Figure] = []

    async def measured(self, records: int) -> list[Figure]:
        commits = await self._single_commits()
        self._add("single_commits", commits, "1/s")
        await self._appended("0", commits)
        small = await self._at(min(MILLION, records), "small", commits)
        if records > MILLION:
            large = await self._at(records, "large", commits)
            for name in ("appends_batched", "trail_p50"):
                of, to = large[name], small[name]
                self._add(f"{name}_flat", of / to, "times", f"{name}_small", of / to)
        await self._size()
        await self._proved()
        return self.figures

    def _add(
        self, name: str, value: float, unit: str, to: str | None = None, ratio: float | None = None
    ) -> None:
        self.figures.append(Figure(name, value, unit, to, ratio))
        self._console.print(f"{name} {value:,.2f} {unit}")

    async def _at(self, records: int, label: str, commits: float) -> dict[str, float]:
        await self._filled(records)
        found = await self._appended(label, commits)
        return found | await self._looked_up(label)

    async def _single_commits(self) -> float:
        """The naive way: a row, a commit, the next."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            await connection.execute("create table single (id uuid primary key, content bytea)")
            begun, count = time.monotonic(), 0
            while time.monotonic() - begun < 2:
                await connection.execute(
                    "insert into single values (gen_random_uuid(), $1)", b"x" * 200
                )
                count += 1
            return count / (time.monotonic() - begun)
        finally:
            await connection.execute("drop table single")
            await connection.close()

    async def _appended(self, label: str, commits: float) -> dict[str, float]:
        address = self._country.ports.address("audit")
        batched = appends.Appends(address, self._credentials, 100, 1000, 4)
        single = appends.Appends(address, self._credentials, 20_000, 1, SINGLE_CALLERS)
        found = {}
        for name, asked in (("appends_batched", batched), ("appends_single", single)):
            measured = await asyncio.to_thread(appends.run, asked)
            rate = measured.throughput * asked.records
            self._add(f"{name}_{label}", rate, "1/s", "single_commits", rate / commits)
            found[name] = rate
        begun = time.monotonic()
        await self._until_signed()
        self._add(f"signed_after_{label}", time.monotonic() - begun, "s")
        return found

    async def _until_signed(self) -> None:
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            while True:
                state = await connection.fetchrow(
                    "select size, last_sequence, (select last_value from record_sequence) as last"
                    " from log_state"
                )
                written = (self._country.state.log / "checkpoint").read_text()
                signed = Checkpoint.parse(Note.parse(written).text).size
                if state["last_sequence"] >= state["last"] and signed == state["size"]:
                    return
                await asyncio.sleep(0.1)
        finally:
            await connection.close()

    async def _filled(self, records: int) -> None:
        """Add records by copies of real ones, with persons and identifications of their own."""
        connection = await asyncpg.connect(self._owner_dsn, command_timeout=None)
        try:
            keys = await self._keys_of_persons(connection)
            left = records - await connection.fetchval(_COUNT)
            step = max(1, left // (2 * LOOKUPS * EACH))
            while left > 0:
                part = min(left, MILLION)
                async with connection.transaction():
                    # As every appender does, so that who reads how far they have come waits.
                    await connection.execute("select pg_advisory_xact_lock_shared(1668245091)")
                    await connection.execute(_FILL, part, appends.PERSONS, keys, step, left)
                left -= part
                self._console.print(f"{left:,} to fill")
            await connection.execute("vacuum analyze record")
        finally:
            await connection.close()
        await self._until_signed()
        await self._written()

    async def _written(self) -> None:
        """What was filled is on disk: writing it must not be counted as appending to it."""
        password = (self._country.state.secrets / "postgres").read_text().strip()
        connection = await asyncpg.connect(self._owner_dsn, user=SUPERUSER, password=password)
        try:
            await connection.execute("checkpoint", timeout=600)
        finally:
            await connection.close()

    async def _looked_up(self, label: str) -> dict[str, float]:
        """The trail of persons, at random; each reading is itself recorded first."""
        took = []
        async with Operator.of(self._country.operator()) as operator:
            for person in self._persons:
                begun = time.perf_counter()
                page = await operator.audit.ListExchangesBySubject(
                    audit_pb.ListExchangesBySubjectRequest(ssin=person, reason="benchmark"),
                    timeout=30,
                )
                took.append(time.perf_counter() - begun)
                assert page.records
        took.sort()
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            value = took[int(len(took) * share)] * 1000
            self._add(f"trail_{name}_{label}", value, "ms")
        return {"trail_p50": took[len(took) // 2]}

    async def _keys_of_persons(self, connection: asyncpg.Connection) -> list[int]:
        """What the records of the persons that are looked up are found by, this month."""
        [row] = await connection.fetch("select * from month order by month desc limit 1")
        secret = SubjectKeys.read(self._country.vault.subject_keys).unwrapped(
            row["key_version"], row["wrapped_key"]
        )
        month = MonthKey.of(row["month"], secret)
        return [month.key_of(Ssin(int(person))) for person in self._persons]

    async def _size(self) -> None:
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            count = await connection.fetchval(_COUNT)
            held = await connection.fetchval(_BYTES)
        finally:
            await connection.close()
        tiles = sum(
            path.stat().st_size for path in self._country.state.log.rglob("*") if path.is_file()
        )
        self._add("bytes_per_record", (held + tiles) / count, "bytes")
        self._add("bytes_of_tiles", tiles / count, "bytes")

    async def _proved(self) -> None:
        """The whole store, by one process; what it costs with and without the database's share."""
        server = psutil.Process(self._country.processes.pid("postgres"))
        before = _spent(server)
        begun = time.monotonic()
        own = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [
            *(sys.executable, "-m", "services.audit.verify", "--workers", "1"),
            *("--dsn-file", str(self._country.state.secrets / "audit-owner.dsn")),
            *("--log", str(self._country.state.log)),
            *("--key", str(self._country.vault.log_public_key("log"))),
        ]
        watched: dict[int, float] = {}
        child = await asyncio.to_thread(_finished, command, server, watched)
        elapsed = time.monotonic() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime
        count = int(child.split(" signed: ")[0].rpartition("\n")[2])
        assert " 0 findings" in child, child
        self._add("proved", count / elapsed, "1/s")
        self._add("proved_per_core", count / cpu, "1/s")
        database = sum(watched.values()) - before
        self._add("proved_per_core_with_database", count / (cpu + max(database, 0)), "1/s")


def _spent(server: psutil.Process) -> float:
    total = 0.0
    for one in (server, *server.children(recursive=True)):
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def _finished(command: Sequence[str], server: psutil.Process, watched: dict[int, float]) -> str:
    """Run to the end; meanwhile note what each process of the database has spent, for those that
    end take their account with them."""
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(command, stdout=said)
        while child.poll() is None:
            for one in (server, *server.children(recursive=True)):
                try:
                    watched[one.pid] = sum(one.cpu_times()[:2])
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.2)
        said.seek(0)
        return said.read()


_COUNT = "select count(*) from record"
_BYTES = """
select sum(pg_total_relation_size(oid))::bigint from pg_class
where relkind = 'r' and (relname like 'record\\_2%' or relname in ('ground', 'span'))
"""
_FILL = """
with sample as materialized (
  select customer, ground_id, content, row_number() over () as n
  from record where subject_key is not null limit 10000
), pair as (
  select
    g,
    uuidv7() as ticket,
    case
      when g % $4::bigint = 0 then ($3::bigint[])[1 + g / $4 % cardinality($3)]
      else hashint8extended((random() * $2::bigint)::bigint, 1)
    end as person
  from generate_series($5::bigint, $5::bigint + $1::bigint / 2 - 1) g
)
insert into record (customer, ground_id, subject_key, record_id, ticket, content)
select s.customer, s.ground_id, p.person, uuidv7(), p.ticket, s.content
from pair p cross join generate_series(0, 1) leg
join sample s on s.n = 1 + (p.g * 2 + leg) % (select count(*) from sample)
order by p.g, leg
"""

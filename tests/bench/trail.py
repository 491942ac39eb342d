"""A trail of a size of one's choosing, and what is measured of it."""

import asyncio
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self

import asyncpg
import psutil
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from rich.console import Console

from sandbox.client import Operator
from sandbox.country import Country, Options
from sandbox.servers.postgres import SUPERUSER
from services.audit.log.store.copying import copied_records, known_grounds
from services.audit.trail.store.leaves import by_number, leaves_in
from services.audit.trail.subjects import MonthKey, SubjectKeys
from services.concepts.ssin import Ssin
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.notes import Note
from tests.bench import appends, load
from tests.support.scratch import scratch

MILLION = 1_000_000
LOOKUPS = 200
EACH = 10
"""How many exchanges each of the persons that are looked up is given when records are added."""
SINGLE_CALLERS = 64
BATCH, BATCHES, BATCHES_AT_ONCE = 1_000, 100, 4
SINGLES = 20_000
HASHED = 65_536
"""Records that are hashed in memory, as a baseline of proving them."""
UNUSED = ("gateway", "routing", "identification", "directory", "access", "buffer", "valkey")
SECONDS_OF_COMMITS = 2.0


class Trail:
    """The service, the sequencer, the witness and the database of a country of its own."""

    def __init__(self, country: Country, console: Console) -> None:
        self._country = country
        self._console = console
        self._owner_dsn = (country.state.secrets / "audit-owner.dsn").read_text().strip()
        files = country.vault.workload("routing")
        self._credentials = load.Credentials(
            files.certificate, files.private_key, country.vault.authority_file("mesh"), "audit"
        )
        chance = random.Random(1)
        self.persons = [appends.ssin(chance.randrange(appends.PERSONS)) for _ in range(LOOKUPS)]

    @classmethod
    @asynccontextmanager
    async def running(cls, console: Console) -> AsyncIterator[Self]:
        """One that is running, with records to copy."""
        with scratch("bench") as folder:
            options = Options(state=folder / "state", free_ports=True, tell=lambda _: None)
            async with Country.up(options) as country:
                for name in UNUSED:
                    await country.stop(name)
                trail = cls(country, console)
                await trail.batches()
                await trail.singles()
                await trail.until_signed()
                yield trail

    async def fill(self, records: int) -> None:
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
        await self.until_signed()
        await self._written()

    async def single_commits(self) -> float:
        """The naive way, a second: a row, a commit, the next."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            await connection.execute("create table single (id uuid primary key, content bytea)")
            begun, count = time.monotonic(), 0
            while time.monotonic() - begun < SECONDS_OF_COMMITS:
                await connection.execute(
                    "insert into single values (gen_random_uuid(), $1)", b"x" * 200
                )
                count += 1
            return count / (time.monotonic() - begun)
        finally:
            await connection.execute("drop table single")
            await connection.close()

    async def batches(self) -> float:
        """Records that are durable in a second, in batches."""
        return await self._appended(BATCHES, BATCH, BATCHES_AT_ONCE)

    async def singles(self) -> float:
        """Records that are durable in a second, one from each of many callers."""
        return await self._appended(SINGLES, 1, SINGLE_CALLERS)

    async def _appended(self, calls: int, records: int, in_flight: int) -> float:
        address = self._country.ports.address("audit")
        asked = appends.Appends(address, self._credentials, calls, records, in_flight)
        measured = await asyncio.to_thread(appends.run, asked)
        return measured.throughput * records

    async def until_signed(self) -> float:
        """Wait until all records are signed and cosigned; the seconds that it took."""
        begun = time.monotonic()
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
                    return time.monotonic() - begun
                await asyncio.sleep(0.1)
        finally:
            await connection.close()

    async def looked_up(self, persons: Sequence[str]) -> list[float]:
        """Seconds that the trail of each person took; each reading is itself recorded first."""
        took = []
        async with Operator.of(self._country.operator()) as operator:
            for person in persons:
                begun = time.perf_counter()
                page = await operator.audit.ListExchanges(
                    audit_pb.ListExchangesRequest(ssin=person, reason="benchmark"),
                    timeout=30,
                )
                took.append(time.perf_counter() - begun)
                assert page.records
        return took

    async def sizes(self) -> tuple[float, float]:
        """Bytes that a record takes with all that is kept for it; of these the tiles."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            count = await connection.fetchval(_COUNT)
            held = await connection.fetchval(_BYTES)
        finally:
            await connection.close()
        tiles = sum(
            path.stat().st_size for path in self._country.state.log.rglob("*") if path.is_file()
        )
        return (held + tiles) / count, tiles / count

    async def hashed(self) -> float:
        """Records that a second of CPU hashes, leaves and tree, when they are in memory already."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            copied = await copied_records(connection, 0, 2**62, HASHED)
            leaves = leaves_in(copied, by_number(await known_grounds(connection)))
        finally:
            await connection.close()

        def spent() -> float:
            begun = time.process_time()
            root_of([leaf_hash(leaf) for leaf in leaves])
            return time.process_time() - begun

        return len(leaves) / statistics.median(spent() for _ in range(5))

    async def proved(self) -> tuple[float, float, float]:
        """Records that one prover proves of the whole store: in a second, in a second of its CPU,
        and in one of its CPU and the database's."""
        server = psutil.Process(self._country.processes.pid("postgres"))
        before = _spent(server)
        begun = time.monotonic()
        own = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [
            *(sys.executable, "-m", "services.audit.log.verification", "--workers", "1"),
            *("--dsn-file", str(self._country.state.secrets / "audit-owner.dsn")),
            *("--log", str(self._country.state.log)),
            *("--key", str(self._country.vault.log_public_key("log"))),
        ]
        watched: dict[int, float] = {}
        said = await asyncio.to_thread(_finished, command, server, watched)
        elapsed = time.monotonic() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime
        count = int(said.split(" signed: ")[0].rpartition("\n")[2])
        assert " 0 findings" in said, said
        database = max(sum(watched.values()) - before, 0)
        return count / elapsed, count / cpu, count / (cpu + database)

    async def _written(self) -> None:
        """What was filled is on disk: writing it must not be counted as appending to it."""
        password = (self._country.state.secrets / "postgres").read_text().strip()
        connection = await asyncpg.connect(self._owner_dsn, user=SUPERUSER, password=password)
        try:
            await connection.execute("checkpoint", timeout=600)
        finally:
            await connection.close()

    async def _keys_of_persons(self, connection: asyncpg.Connection) -> list[int]:
        """What the records of the persons that are looked up are found by, this month."""
        [row] = await connection.fetch("select * from month order by month desc limit 1")
        secret = SubjectKeys.read(self._country.vault.subject_keys).unwrapped(
            row["key_version"], row["wrapped_key"]
        )
        month = MonthKey.of(row["month"], secret)
        return [month.key_of(Ssin(int(person))) for person in self.persons]


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

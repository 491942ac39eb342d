"""Records as routing hands them over, each one new, from a process of its own."""

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, perf_counter, time_ns

import uvloop
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2

from services.kit.ids import uuid7
from tests.bench.load import Credentials, Load, Measured, channel_of

METHOD = "/cbss.audit.v1.AuditService/RecordExchanges"
PERSONS = 11_000_000
CUSTOMERS = 3_000
CONTEXTS, CONTEXTS_OF_ONE = 40, 5


@dataclass(frozen=True)
class Appends:
    """How many calls, of how many records each, how many of them at once."""

    address: str
    credentials: Credentials
    calls: int
    records: int
    in_flight: int


def run(appends: Appends) -> Measured:
    """Make the calls from another process; the records are made before the clock starts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_work, (appends,))


def _work(appends: Appends) -> Measured:
    records = exchanges(appends.calls * appends.records, seed=time_ns())
    requests = [
        pb.RecordExchangesRequest(
            records=[next(records) for _ in range(appends.records)]
        ).SerializeToString()
        for _ in range(appends.calls)
    ]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_drive(appends, requests))


async def _drive(appends: Appends, requests: list[bytes]) -> Measured:
    load = Load(appends.address, appends.credentials, METHOD, (), bool, appends.in_flight, 0)
    latencies: list[float] = []
    left = iter(requests)
    async with channel_of(load, 0) as channel:
        call = channel.unary_unary(METHOD)
        await channel.channel_ready()

        async def caller() -> None:
            for request in left:
                begun = perf_counter()
                await call(request, timeout=60)
                latencies.append(perf_counter() - begun)

        begun = monotonic()
        async with asyncio.TaskGroup() as together:
            for _ in range(appends.in_flight):
                together.create_task(caller())
        elapsed = monotonic() - begun
    return Measured(tuple(sorted(latencies)), 0, elapsed)


def exchanges(count: int, seed: int) -> Iterator[record_pb.ExchangeRecord]:
    """Intents and outcomes of consultations of one source, of many customers and persons."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        customer = chance.randrange(CUSTOMERS)
        context = (customer + chance.randrange(CONTEXTS_OF_ONE)) % CONTEXTS
        ticket, own, trace = str(uuid7()), str(uuid7()), f"{chance.getrandbits(128):032x}"
        person = ssin(chance.randrange(PERSONS))
        for stage in (record_pb.EXCHANGE_STAGE_INTENT, record_pb.EXCHANGE_STAGE_OUTCOME):
            yield _record(chance, stage, customer, context, ticket, own, trace, person)
            made += 1


def _record(
    chance: random.Random,
    stage: record_pb.ExchangeStage,
    customer: int,
    context: int,
    ticket: str,
    own: str,
    trace: str,
    person: str,
) -> record_pb.ExchangeRecord:
    is_outcome = stage == record_pb.EXCHANGE_STAGE_OUTCOME
    now = time_ns()
    record = record_pb.ExchangeRecord(
        record_id=str(uuid7()),
        ticket_cbss=ticket,
        stage=stage,
        rpc="cbss.routing.v1.RoutingService/Consult",
        customer_cbe_number=f"08{customer:06d}48",
        customer_ticket=own,
        client_certificate_sha256=f"{customer:064x}",
        caller_cbe_number=f"08{customer:06d}48",
        subject_ssin=person,
        data_contract="HANDICAP",
        contract_version=1,
        legal_context=f"BENCH:CONTEXT_{context}",
        deliberation_number=f"IVC/KSZG/99/{context:03d}",
        deliberation_version=1,
        snapshot_version="2026-11-25T00:00:00Z",
        verdict=record_pb.VERDICT_PERMIT,
        trace_id=trace,
    )
    record.occurred_at.FromNanoseconds(now)
    record.received_at.FromNanoseconds(now - chance.randrange(5_000_000))
    for day in (record.period.begin_date, record.period.end_date):
        day.year, day.month, day.day = 2026, 11, 25
    leg = record.sources.add(supplier_cbe_number="0899990744")
    if is_outcome:
        record.status_value = status_pb2.STATUS_VALUE_DATA_FOUND
        record.status_code = "MSG00000"
        record.filtered_elements.extend(["elements.address", "elements.income"])
        leg.supplier_ticket = str(uuid7())
        leg.status_value, leg.status_code = status_pb2.STATUS_VALUE_DATA_FOUND, "MSG00000"
        leg.duration_microseconds = chance.randrange(1_000, 50_000)
    return record


def ssin(number: int) -> str:
    """One of eleven million mock numbers."""
    date, sequence = divmod(number, 998)
    year, day = divmod(date, 13 * 31)
    birth = (year % 100) * 10_000 + (60 + day // 31) * 100 + day % 31 + 1
    nine = birth * 1_000 + sequence + 1
    return f"{nine:09d}{97 - nine % 97:02d}"

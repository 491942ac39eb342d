"""What a batch costs, and what others feel of it: `cbss bench routing [--items N ...]`.

On one machine, over mutual TLS: batches of some sizes about a person whom one fast source knows,
each item with the checks, the lines and the answer of a consultation; how fast, what it costs each
process, and how much memory those take that batches go through. Then consultations, a few in
flight, alone and beside a running batch.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from uuid import uuid4

import psutil
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.data.v1 import handicap_pb2
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc
from rich.console import Console

from sandbox.client import consultation
from sandbox.country import Country, Options
from sandbox.organizations import organizations
from tests.bench import load
from tests.bench.exchange import CONSULT, CONTEXT, PERSONS, UNBOUNDED, is_data
from tests.bench.report import Figure, show, write
from tests.support.scratch import scratch

WHO = "pcsw-ghent"
PURPOSE = "SANDBOX:REFERENCE_MESSAGES"
CRITERIA = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_DGPH])
"""The one source that is asked."""
IN_A_MESSAGE = 5000
CALM = 4
"""Consultations in flight beside a batch."""
THROUGH = ("batches", "batches-worker")
"""What a batch goes through: their memory must not follow its size."""
MICROSECONDS = 1e6
MEBIBYTE = 1 << 20


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench routing", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--seconds", type=float, default=20.0, help="how long consultations run")
    given = parser.parse_args(arguments)
    figures = asyncio.run(_measured(given, Console(stderr=True)))
    show(figures)
    if given.json:
        write(given.json, figures)


async def _measured(given: argparse.Namespace, console: Console) -> list[Figure]:
    with scratch("bench") as folder:
        options = Options(state=folder / "state", free_ports=True, tell=console.print)
        async with Country.up(options) as country:
            await country.stop("gateway")
            await country.start("gateway", CLIENT_BURST=UNBOUNDED, CLIENT_PER_SECOND=UNBOUNDED)
            await _batch(country, 2_000)
            figures: list[Figure] = []
            for items in given.items:
                figures += await _figures(country, items)
                console.print(f"a batch of {items:,} measured")
            figures += await _beside(country, given.seconds, max(given.items))
    return figures


async def _figures(country: Country, items: int) -> list[Figure]:
    """How fast a batch of a size is, what it costs, and the most memory meanwhile."""
    watched = {name: psutil.Process(country.processes.pid(name)) for name in _names(country)}
    before = {name: _cpu(one) for name, one in watched.items()}
    most = dict.fromkeys(THROUGH, 0)

    async def looked() -> None:
        while True:
            for name in THROUGH:
                most[name] = max(most[name], watched[name].memory_info().rss)
            await asyncio.sleep(0.2)

    looking = asyncio.create_task(looked())
    try:
        took, handed_over = await _batch(country, items)
    finally:
        looking.cancel()
    spent = {name: (_cpu(one) - before[name]) / items for name, one in watched.items()}
    figures = [
        Figure(f"batch_{items}", items / took, "1/s"),
        Figure(f"batch_{items}_handed_over", items / handed_over, "1/s"),
        Figure(f"batch_{items}_cpu", sum(spent.values()) * MICROSECONDS, "us"),
    ]
    figures += [
        Figure(f"batch_{items}_cpu_{name}", value * MICROSECONDS, "us")
        for name, value in sorted(spent.items(), key=lambda one: -one[1])
        if value * MICROSECONDS >= 1
    ]
    figures += [
        Figure(f"batch_{items}_memory_{name}", size / MEBIBYTE, "MiB")
        for name, size in most.items()
    ]
    return figures


async def _beside(country: Country, seconds: float, items: int) -> list[Figure]:
    """Consultations alone, and beside a batch that is running all the while."""
    alone = await asyncio.to_thread(_consulting, country, seconds)
    async with country.institution(WHO).channel() as channel:
        stub = rpc.BatchServiceStub(channel)
        batch = await _submit(country, stub, items * 10 if items < 100_000 else items)
        beside = await asyncio.to_thread(_consulting, country, seconds)
        left = await _get(country, stub, batch.batch_id)
        if left.state != batch_pb2.BATCH_STATE_RUNNING:
            raise SystemExit("the batch was done before the consultations: give it more --items")
        request = pb.CancelBatchRequest(
            information_customer=_information(country), batch_id=batch.batch_id
        )
        await stub.CancelBatch(request, timeout=30)
    figures = [
        Figure(f"consult_{name}", measured.throughput, "1/s")
        for name, measured in (("alone", alone), ("beside_batch", beside))
    ]
    for share, label in ((0.5, "p50"), (0.99, "p99")):
        value, against = beside.quantile(share), alone.quantile(share)
        figures.append(Figure(f"consult_alone_{label}", against * 1000, "ms"))
        figures.append(
            Figure(
                *(f"consult_beside_batch_{label}", value * 1000, "ms"),
                *(f"consult_alone_{label}", value / against),
            )
        )
    return figures


def _consulting(country: Country, seconds: float) -> load.Measured:
    files = country.vault.files(WHO)
    authority = country.vault.authority_file("institutions")
    credentials = load.Credentials(files.certificate, files.private_key, authority, "gateway")
    number = organizations()[WHO].cbe_number
    requests = tuple(
        consultation(number, CONTEXT, "HANDICAP", ssin).SerializeToString() for ssin in PERSONS
    )
    measured = load.run(
        load.Load(
            *(country.ports.address("gateway"), credentials, f"/{CONSULT}", requests, is_data),
            *(CALM, seconds),
        ),
        started=lambda: None,
        ended=lambda: None,
    )
    if measured.failures:
        raise SystemExit(f"{measured.failures} consultations were not as expected")
    return measured


async def _batch(country: Country, items: int) -> tuple[float, float]:
    """Seconds until a batch of a size is done, and until it was handed over."""
    begun = monotonic()
    async with country.institution(WHO).channel() as channel:
        stub = rpc.BatchServiceStub(channel)
        batch = await _submit(country, stub, items)
        handed_over = monotonic() - begun
        while batch.state in (batch_pb2.BATCH_STATE_WAITING, batch_pb2.BATCH_STATE_RUNNING):
            await asyncio.sleep(0.1)
            batch = await _get(country, stub, batch.batch_id)
    took = monotonic() - begun
    found = {one.code: one.count for one in batch.status_counts}
    if found != {"MSG00000": items}:
        raise SystemExit(f"the batch did not end as expected: {found}")
    return took, handed_over


async def _submit(country: Country, stub: rpc.BatchServiceStub, items: int) -> batch_pb2.Batch:
    header = batch_pb2.BatchHeader(
        information_customer=_information(country), legal_context=PURPOSE, data_contract="HANDICAP"
    )
    header.criteria.Pack(CRITERIA)

    async def parts() -> AsyncIterator[pb.SubmitBatchRequest]:
        yield pb.SubmitBatchRequest(header=header)
        numbers = cycle(PERSONS[:1])
        for start in range(0, items, IN_A_MESSAGE):
            some = islice(numbers, min(IN_A_MESSAGE, items - start))
            told = pb.BatchItems(items=[batch_pb2.BatchItem(ssin=one) for one in some])
            yield pb.SubmitBatchRequest(items=told)

    answer = await stub.SubmitBatch(parts(), timeout=600)
    if not answer.HasField("batch"):
        raise SystemExit(f"the batch was not taken: {answer.status.code}")
    batch: batch_pb2.Batch = answer.batch
    return batch


async def _get(country: Country, stub: rpc.BatchServiceStub, key: str) -> batch_pb2.Batch:
    request = pb.GetBatchRequest(information_customer=_information(country), batch_id=key)
    batch: batch_pb2.Batch = (await stub.GetBatch(request, timeout=30)).batch
    return batch


def _information(country: Country) -> information_pb2.InformationCustomer:
    number = country.institution(WHO).cbe_number
    customer = organization_pb2.Organization(cbe_number=number)
    return information_pb2.InformationCustomer(
        ticket=str(uuid4()), customer_identification=customer
    )


def _names(country: Country) -> list[str]:
    return [name for name in country.processes.names() if country.processes.pid(name)]


def _cpu(process: psutil.Process) -> float:
    """Seconds of a process and its children, those that are gone too."""
    times = process.cpu_times()
    spent = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        spent += sum(child.cpu_times()[:2])
    return spent

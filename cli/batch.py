"""`cbss batch`: asks about many persons at once, as an institution's program does."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import grpc.aio
import typer
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.calling import ask, refusal
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.mesh import Mesh, with_mesh
from cli.values import parse_day
from cli.words import errors, plain, say, say_json

app = typer.Typer(
    help="Batches: submit, status, results, cancel.", no_args_is_help=True, rich_markup_mode=None
)
STUB = rpc.BatchServiceStub
IN_A_MESSAGE = 1000
LONGEST = 600.0
"""Seconds that it may take to hand a batch over."""
LOOK = 0.5
"""Seconds between two looks at how far it is."""
MOST_RESUMED = 60
"""How often a stream is begun again that brings nothing."""
OPEN = (batch_pb2.BATCH_STATE_WAITING, batch_pb2.BATCH_STATE_RUNNING)

As = Annotated[str, typer.Argument(help="The organization, by the name in the profile.")]
Key = Annotated[str, typer.Argument(metavar="BATCH", help="The batch, by its identification.")]
Wait = Annotated[bool, typer.Option("--wait", help="Show how far it is until it is done.")]


def submit(
    mesh: Mesh,
    organization: As,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="A number a line, and a reference behind a comma."
        ),
    ],
    legal_context: Annotated[str, typer.Option(help="For which purpose.")],
    data_contract: Annotated[str, typer.Option(help="Which data.")],
    contract_version: Annotated[int, typer.Option(min=1)] = 1,
    ticket: Annotated[
        str, typer.Option(help="Names the batch, once; made if it is not told.")
    ] = "",
    date: Annotated[
        Any, typer.Option(parser=parse_day, metavar="DAY", help="The situation on which day.")
    ] = None,
    hours: Annotated[float | None, typer.Option(min=0.1, help="The term that was agreed.")] = None,
    wait: Wait = False,
) -> None:
    """Hand over a batch: all of it is taken, or nothing."""
    one = mesh.institution(organization)
    header = batch_pb2.BatchHeader(
        information_customer=_information(one, ticket or str(uuid4())),
        legal_context=legal_context,
        data_contract=data_contract,
        contract_version=contract_version,
    )
    if date is not None:
        header.date.year, header.date.month, header.date.day = date.year, date.month, date.day
    if hours is not None:
        header.term.FromSeconds(int(hours * 3600))
    count = _count(file)
    with closing(_items(file)) as items:
        came = _run(
            one, lambda stub: stub.SubmitBatch(_parts(header, items, count), timeout=LONGEST)
        )
    if not came.HasField("batch"):
        facts = "; ".join(
            f"{fact.field_name} {fact.field_value}" for fact in came.status.information
        )
        raise Refusal(f"{came.status.code}: {came.status.description} {facts}".rstrip())
    batch = _watched(mesh, one, came.batch) if wait else came.batch
    _tell(mesh, batch)


def status(mesh: Mesh, organization: As, batch: Key, wait: Wait = False) -> None:
    """Show how far a batch is."""
    one = mesh.institution(organization)
    found = _get(one, batch)
    _tell(mesh, _watched(mesh, one, found) if wait else found)


def results(
    mesh: Mesh,
    organization: As,
    batch: Key,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Where to; else shown.")] = None,
) -> None:
    """Write the results of a batch, a line of JSON each, as they come and in their order."""
    one = mesh.institution(organization)

    async def written(write: Callable[[str], object]) -> int:
        count = 0
        async for result in _streamed(one, batch):
            write(json.dumps(plain(result), ensure_ascii=False))
            count += 1
        return count

    if out is None:
        _awaited(one, written(say))
        return
    with out.open("w", encoding="utf-8") as lines:
        count = _awaited(one, written(lambda line: lines.write(line + "\n")))
    say(f"{count:,} results in {out}")


def cancel(mesh: Mesh, organization: As, batch: Key) -> None:
    """Give a batch up: what was not begun is not done any more."""
    one = mesh.institution(organization)
    request = pb.CancelBatchRequest(information_customer=_information(one), batch_id=batch)
    _tell(mesh, ask(one, STUB, "CancelBatch", request).batch)


async def _streamed(one: Identity, batch: str) -> AsyncIterator[batch_pb2.BatchResult]:
    """Results to the last; a stream that ends by itself is begun again where it was."""
    position, left = 0, 0
    async with one.channel() as channel:
        while True:
            stream = STUB(channel).StreamBatchResults(
                pb.StreamBatchResultsRequest(
                    information_customer=_information(one), batch_id=batch, from_position=position
                )
            )
            try:
                async for message in stream:
                    left = MOST_RESUMED
                    if message.HasField("status"):
                        raise Refusal(f"{message.status.code}: {message.status.description}")
                    for result in message.results:
                        yield result
                        position = result.position + 1
                return
            except grpc.aio.AioRpcError as ended:
                if ended.code() is not grpc.StatusCode.UNAVAILABLE or not left:
                    raise
                left -= 1
                await asyncio.sleep(LOOK)
            finally:
                stream.cancel()


def _count(file: Path) -> int:
    """How many items a file holds; Nonsense if it cannot be read as text."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return sum(1 for row in csv.reader(lines) if row)
    except (UnicodeDecodeError, csv.Error):
        raise Nonsense(f"{file} is no list of numbers") from None
    except OSError as fault:
        raise Refusal(f"{file} cannot be read: {fault.strerror}") from fault


def _items(file: Path) -> Generator[list[batch_pb2.BatchItem], None, None]:
    """The items of a file, some at a time."""
    with file.open(encoding="utf-8", newline="") as lines:
        some: list[batch_pb2.BatchItem] = []
        for row in csv.reader(lines):
            if not row:
                continue
            number, reference = row[0].strip(), row[1].strip() if len(row) > 1 else ""
            some.append(batch_pb2.BatchItem(ssin=number, reference=reference))
            if len(some) == IN_A_MESSAGE:
                yield some
                some = []
        if some:
            yield some


async def _parts(
    header: batch_pb2.BatchHeader, items: Iterator[list[batch_pb2.BatchItem]], count: int
) -> AsyncIterator[pb.SubmitBatchRequest]:
    yield pb.SubmitBatchRequest(header=header)
    with _bar() as bar:
        task = bar.add_task("handed over", total=count)
        for some in items:
            yield pb.SubmitBatchRequest(items=pb.BatchItems(items=some))
            bar.advance(task, len(some))


def _watched(mesh: Mesh, one: Identity, batch: batch_pb2.Batch) -> batch_pb2.Batch:
    """The batch once nothing of it will be begun any more, with a bar meanwhile."""

    async def watched() -> batch_pb2.Batch:
        found = batch
        async with one.channel() as channel:
            with _bar() as bar:
                task = bar.add_task("done", total=found.item_count)
                while found.state in OPEN:
                    bar.update(task, completed=found.done_count)
                    await asyncio.sleep(LOOK)
                    request = pb.GetBatchRequest(
                        information_customer=_information(one), batch_id=batch.batch_id
                    )
                    found = (await STUB(channel).GetBatch(request, timeout=10)).batch
                bar.update(task, completed=found.done_count)
        return found

    found: batch_pb2.Batch = _awaited(one, watched())
    return found


def _bar() -> Progress:
    """A bar on stderr, so that what is told can be read by a program."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, TimeRemainingColumn(), console=errors, transient=True)


def _get(one: Identity, batch: str) -> batch_pb2.Batch:
    request = pb.GetBatchRequest(information_customer=_information(one), batch_id=batch)
    found: batch_pb2.Batch = ask(one, STUB, "GetBatch", request).batch
    return found


def _run(one: Identity, call: Any) -> Any:
    async def called() -> Any:
        async with one.channel() as channel:
            return await call(STUB(channel))

    return _awaited(one, called())


def _awaited(one: Identity, work: Any) -> Any:
    try:
        return asyncio.run(work)
    except grpc.RpcError as fault:
        raise refusal(fault, one.address) from None


def _information(one: Identity, ticket: str = "") -> information_pb2.InformationCustomer:
    return information_pb2.InformationCustomer(
        ticket=ticket or str(uuid4()),
        customer_identification=organization_pb2.Organization(cbe_number=one.cbe_number),
    )


def _tell(mesh: Mesh, batch: batch_pb2.Batch) -> None:
    if mesh.as_json:
        say_json(plain(batch))
        return
    state = batch_pb2.BatchState.Name(batch.state).removeprefix("BATCH_STATE_").lower()
    say(f"{batch.batch_id} {state}: {batch.done_count:,} of {batch.item_count:,}")
    for one in batch.status_counts:
        say(f"  {one.code} {one.count:,}")
    if batch.HasField("estimated_at"):
        say(f"  estimated {batch.estimated_at.ToJsonString()}")
    say(f"  due {batch.due_at.ToJsonString()}{', overdue' if batch.overdue else ''}")


app.command()(with_mesh(submit))
app.command()(with_mesh(status))
app.command()(with_mesh(results))
app.command()(with_mesh(cancel))

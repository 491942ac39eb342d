"""`cbss batch`: asks about many persons at once, as an institution's program does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import grpc.aio
import typer
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc

from cli import files
from cli.batching import count_items, information_of, read_items, run, show_bar, wait_for
from cli.calling import ask
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.mesh import Mesh, with_mesh
from cli.values import parse_day
from cli.words import plain, say, say_json

app = typer.Typer(
    help="Batches: submit, status, results, cancel; as files with vouchers: write, file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
STUB = rpc.BatchServiceStub
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


Purpose = Annotated[str, typer.Option(help="For which purpose.")]
Contract = Annotated[str, typer.Option(help="Which data.")]
Version = Annotated[int, typer.Option(min=1)]
Ticket = Annotated[str, typer.Option(help="Names the batch, once; made if it is not told.")]
Day = Annotated[
    Any, typer.Option(parser=parse_day, metavar="DAY", help="The situation on which day.")
]
Hours = Annotated[float | None, typer.Option(min=0.1, help="The term that was agreed.")]
Numbers = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, help="A number a line, and a reference behind a comma."
    ),
]


def submit(
    mesh: Mesh,
    organization: As,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="A number a line, and a reference behind a comma; or what `write` made.",
        ),
    ],
    legal_context: Purpose = "",
    data_contract: Contract = "",
    contract_version: Version = 1,
    ticket: Ticket = "",
    date: Day = None,
    hours: Hours = None,
    voucher: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The voucher that `write` made with it."),
    ] = None,
    wait: Wait = False,
) -> None:
    """Hand over a batch: all of it is taken, or nothing."""
    one = mesh.institution(organization)
    if voucher is not None:
        filed = files.send(one, file, voucher)
        if filed.HasField("batch") and wait:
            filed.batch.CopyFrom(_watched(mesh, one, filed.batch))
        files.tell(mesh, filed)
        return
    if not legal_context or not data_contract:
        raise Nonsense("say --legal-context and --data-contract, or give a file with its --voucher")
    header = _header(one, legal_context, data_contract, contract_version, ticket, date, hours)
    count = count_items(file)
    with closing(read_items(file)) as items:
        came = run(
            one, STUB, lambda stub: stub.SubmitBatch(_parts(header, items, count), timeout=LONGEST)
        )
    if not came.HasField("batch"):
        facts = "; ".join(
            f"{fact.field_name} {fact.field_value}" for fact in came.status.information
        )
        raise Refusal(f"{came.status.code}: {came.status.description} {facts}".rstrip())
    batch = _watched(mesh, one, came.batch) if wait else came.batch
    _tell(mesh, batch)


def write(
    mesh: Mesh,
    organization: As,
    numbers: Numbers,
    out: Annotated[Path, typer.Argument(dir_okay=False, help="The file that is written.")],
    sequence: Annotated[int, typer.Option(min=1, help="The how manieth file it is.")],
    legal_context: Purpose,
    data_contract: Contract,
    contract_version: Version = 1,
    ticket: Ticket = "",
    date: Day = None,
    hours: Hours = None,
) -> None:
    """Write a batch as a file with its voucher, to be submitted; asks nobody."""
    one = mesh.institution(organization)
    header = _header(one, legal_context, data_contract, contract_version, ticket, date, hours)
    with closing(read_items(numbers)) as items:
        count_items(numbers)
        voucher = files.write(out, header, items, sequence)
    say(f"{out} and {voucher}")


def file_status(
    mesh: Mesh,
    organization: As,
    sequence: Annotated[int, typer.Argument(min=1, help="The how manieth file it is.")],
    data_contract: Contract,
    contract_version: Version = 1,
) -> None:
    """Show how far a file is."""
    one = mesh.institution(organization)
    files.tell(mesh, files.get(one, data_contract, contract_version, sequence))


def _header(
    one: Identity,
    legal_context: str,
    data_contract: str,
    contract_version: int,
    ticket: str,
    date: Any,
    hours: float | None,
) -> batch_pb2.BatchHeader:
    header = batch_pb2.BatchHeader(
        information_customer=information_of(one, ticket or str(uuid4())),
        legal_context=legal_context,
        data_contract=data_contract,
        contract_version=contract_version,
    )
    if date is not None:
        header.date.year, header.date.month, header.date.day = date.year, date.month, date.day
    if hours is not None:
        header.term.FromSeconds(int(hours * 3600))
    return header


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
    voucher: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write a file of messages, and its voucher here."),
    ] = None,
) -> None:
    """Write the results of a batch, a line of JSON each, as they come and in their order."""
    one = mesh.institution(organization)
    if voucher is not None:
        if out is None:
            raise Nonsense("say with --out where the file goes")
        told = files.fetch(one, batch, out, voucher)
        say(f"{told.item_count:,} results in {out}, file {told.sequence_number}")
        return

    async def written(write: Callable[[str], object]) -> int:
        count = 0
        async for result in _streamed(one, batch):
            write(json.dumps(plain(result), ensure_ascii=False))
            count += 1
        return count

    if out is None:
        wait_for(one, written(say))
        return
    with out.open("w", encoding="utf-8") as lines:
        count = wait_for(one, written(lambda line: lines.write(line + "\n")))
    say(f"{count:,} results in {out}")


def cancel(mesh: Mesh, organization: As, batch: Key) -> None:
    """Give a batch up: what was not begun is not done any more."""
    one = mesh.institution(organization)
    request = pb.CancelBatchRequest(information_customer=information_of(one), batch_id=batch)
    _tell(mesh, ask(one, STUB, "CancelBatch", request).batch)


async def _streamed(one: Identity, batch: str) -> AsyncIterator[batch_pb2.BatchResult]:
    """Results to the last; a stream that ends by itself is begun again where it was."""
    position, left = 0, 0
    async with one.channel() as channel:
        while True:
            stream = STUB(channel).StreamBatchResults(
                pb.StreamBatchResultsRequest(
                    information_customer=information_of(one), batch_id=batch, from_position=position
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


async def _parts(
    header: batch_pb2.BatchHeader, items: Iterator[list[batch_pb2.BatchItem]], count: int
) -> AsyncIterator[pb.SubmitBatchRequest]:
    yield pb.SubmitBatchRequest(header=header)
    with show_bar() as bar:
        task = bar.add_task("handed over", total=count)
        for some in items:
            yield pb.SubmitBatchRequest(items=pb.BatchItems(items=some))
            bar.advance(task, len(some))


def _watched(mesh: Mesh, one: Identity, batch: batch_pb2.Batch) -> batch_pb2.Batch:
    """The batch once nothing of it will be begun any more, with a bar meanwhile."""

    async def watched() -> batch_pb2.Batch:
        found = batch
        async with one.channel() as channel:
            with show_bar() as bar:
                task = bar.add_task("done", total=found.item_count)
                while found.state in OPEN:
                    bar.update(task, completed=found.done_count)
                    await asyncio.sleep(LOOK)
                    request = pb.GetBatchRequest(
                        information_customer=information_of(one), batch_id=batch.batch_id
                    )
                    found = (await STUB(channel).GetBatch(request, timeout=10)).batch
                bar.update(task, completed=found.done_count)
        return found

    found: batch_pb2.Batch = wait_for(one, watched())
    return found


def _get(one: Identity, batch: str) -> batch_pb2.Batch:
    request = pb.GetBatchRequest(information_customer=information_of(one), batch_id=batch)
    found: batch_pb2.Batch = ask(one, STUB, "GetBatch", request).batch
    return found


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
app.command()(with_mesh(write))
app.command("file")(with_mesh(file_status))

"""`cbss buffer`: what the buffer keeps, in counts, as an operator reads them."""

import asyncio

import grpc
import typer
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc

from cli.calling import all_pages, ask_all, refusal
from cli.failures import REFUSED
from cli.identity import Identity
from cli.mesh import Mesh, with_mesh
from cli.people import OPERATOR, AsOperator
from cli.words import plain, say, say_json

app = typer.Typer(
    help="The buffer: how fresh its feeds are, and that it keeps no more than it may.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def feeds(mesh: Mesh, operator: AsOperator = OPERATOR) -> None:
    """Show who feeds what, how much of it can be used, and how fresh it is."""
    identity = mesh.person(operator, "buffer")
    found = ask_all(
        identity, rpc.BufferServiceStub, "ListFeeds", pb.ListFeedsRequest(page_size=200), "feeds"
    )
    if mesh.as_json:
        say_json([plain(one) for one in found])
        return
    for one in found:
        at = one.supplier.sector_institution
        say(f"{at.sector}.{at.institution} {one.fact_type}: {one.facts:,}, as of {_as_of(one)}")


def check(mesh: Mesh, operator: AsOperator = OPERATOR) -> None:
    """Count what is kept beyond its time, and on whom no right can concern; code 1 if anything."""
    identity = mesh.person(operator, "buffer")
    try:
        pages = asyncio.run(_pages(identity))
    except grpc.RpcError as fault:
        raise refusal(fault, identity.address) from None
    counts = {
        "persons": sum(one.persons_count for one in pages),
        "expired": sum(one.expired_count for one in pages),
        "strangers": sum(one.strangers_count for one in pages),
    }
    if mesh.as_json:
        say_json(counts)
    else:
        say(f"{counts['persons']:,} persons looked at")
        say(f"{counts['expired']:,} rows beyond their time")
        say(f"{counts['strangers']:,} persons whom no right can concern")
    if counts["expired"] or counts["strangers"]:
        raise typer.Exit(REFUSED)


async def _pages(identity: Identity) -> list[pb.CheckKeptResponse]:
    async with identity.channel() as channel:
        stub = rpc.BufferServiceStub(channel)
        return await all_pages(stub.CheckKept, pb.CheckKeptRequest(page_size=5000))


def _as_of(feed: pb.Feed) -> str:
    return str(feed.as_of.ToDatetime().isoformat(timespec="minutes"))


for _work in (feeds, check):
    app.command()(with_mesh(_work))

"""What the commands about batches share: who asks, the items of a file, a bar, a call."""

import asyncio
import csv
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.routing.v1 import batch_pb2
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.calling import refusal
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.words import errors

IN_A_MESSAGE = 1000
"""How many items travel together."""


def count_items(file: Path) -> int:
    """How many items a file holds; Nonsense if it cannot be read as text."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return sum(1 for row in csv.reader(lines) if row)
    except (UnicodeDecodeError, csv.Error):
        raise Nonsense(f"{file} is no list of numbers") from None
    except OSError as fault:
        raise Refusal(f"{file} cannot be read: {fault.strerror}") from fault


def read_items(file: Path) -> Generator[list[batch_pb2.BatchItem], None, None]:
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


def show_bar() -> Progress:
    """A bar on stderr, so that what is told can be read by a program."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, TimeRemainingColumn(), console=errors, transient=True)


def run(one: Identity, stub: Any, call: Any) -> Any:
    """What a call gives that is made on a stub; Refusal."""

    async def called() -> Any:
        async with one.channel() as channel:
            return await call(stub(channel))

    return wait_for(one, called())


def wait_for(one: Identity, work: Any) -> Any:
    """What work gives that calls the mesh; Refusal."""
    try:
        return asyncio.run(work)
    except grpc.RpcError as fault:
        raise refusal(fault, one.address) from None


def information_of(one: Identity, ticket: str = "") -> information_pb2.InformationCustomer:
    """Who asks, under a ticket that is made if none is told."""
    return information_pb2.InformationCustomer(
        ticket=ticket or str(uuid4()),
        customer_identification=organization_pb2.Organization(cbe_number=one.cbe_number),
    )

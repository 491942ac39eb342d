"""Batches as files with their vouchers: written, handed over, fetched and checked."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import grpc.aio
from cbss.common.v1 import organization_pb2
from cbss.routing.v1 import batch_file_service_pb2 as pb
from cbss.routing.v1 import batch_file_service_pb2_grpc as rpc
from cbss.routing.v1 import batch_pb2, batch_service_pb2, voucher_pb2
from google.protobuf import json_format, proto
from google.protobuf.message import Message

from cli.batching import information_of, run, show_bar, wait_for
from cli.calling import ask
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.mesh import Mesh
from cli.words import plain, say, say_json

STUB = rpc.BatchFileServiceStub
PIECE = 256 * 1024
"""How many bytes of a file travel together."""
LONGEST = 600.0
"""Seconds that it may take to hand a file over."""
MOST_RESUMED = 60
"""How often a stream is begun again that brings nothing."""


def write(
    out: Path,
    header: batch_pb2.BatchHeader,
    items: Iterable[list[batch_pb2.BatchItem]],
    sequence: int,
) -> Path:
    """Write a file of questions and its voucher beside it, which is made last; where that is."""
    hashed, size, count = hashlib.sha256(), 0, 0
    try:
        with out.open("wb") as file:
            for part in _parts(header, items):
                told = _delimit(part)
                file.write(told)
                hashed.update(told)
                size, count = size + len(told), count + len(part.items.items)
        voucher = voucher_pb2.Voucher(
            file_name=out.name,
            sequence_number=sequence,
            sender=header.information_customer.customer_identification,
            receiver=organization_pb2.Organization(
                sector_institution=organization_pb2.SectorInstitution(sector=25)
            ),
            legal_context=header.legal_context,
            data_contract=header.data_contract,
            contract_version=header.contract_version,
            item_count=count,
            byte_count=size,
            sha256=hashed.hexdigest(),
        )
        voucher.created_at.FromDatetime(datetime.now(UTC).replace(microsecond=0))
        return _put(voucher, out.with_name(f"{out.name}.voucher.json"))
    except OSError as fault:
        raise Refusal(f"{out} cannot be written: {fault.strerror}") from fault


def send(one: Identity, file: Path, voucher: Path) -> voucher_pb2.BatchFile:
    """Hand a file over with its voucher; Refusal if it is rejected."""
    try:
        told = json_format.Parse(voucher.read_text("utf-8"), voucher_pb2.Voucher())
    except (json_format.ParseError, UnicodeDecodeError) as fault:
        raise Nonsense(f"{voucher} is no voucher") from fault
    announcement = pb.BatchFileAnnouncement(information_customer=information_of(one), voucher=told)
    found: voucher_pb2.BatchFile = run(
        one, STUB, lambda stub: stub.SubmitBatchFile(_pieces(announcement, file), timeout=LONGEST)
    ).file
    if found.state == voucher_pb2.BATCH_FILE_STATE_REJECTED:
        why = voucher_pb2.BatchFileRejection.Name(found.rejection)
        why = why.removeprefix("BATCH_FILE_REJECTION_")
        raise Refusal(
            f"{found.status.code}: {why} {found.field}".rstrip()
            + f"; what is mended is file {found.sequence_number + 1}"
        )
    return found


def get(one: Identity, contract: str, version: int, sequence: int) -> voucher_pb2.BatchFile:
    """How far a file is."""
    request = pb.GetBatchFileRequest(
        information_customer=information_of(one),
        data_contract=contract,
        contract_version=version,
        sequence_number=sequence,
    )
    found: voucher_pb2.BatchFile = ask(one, STUB, "GetBatchFile", request).file
    return found


def fetch(one: Identity, batch: str, out: Path, voucher: Path) -> voucher_pb2.Voucher:
    """Write a file of results, and its voucher once the file is what that says; Refusal."""

    async def fetched() -> voucher_pb2.Voucher:
        hashed, size = hashlib.sha256(), 0
        with out.open("wb") as file:
            async for part in _streamed(one, batch):
                if isinstance(part, voucher_pb2.Voucher):
                    if (part.byte_count, part.sha256) != (size, hashed.hexdigest()):
                        raise Refusal(f"{out} is not what its voucher says: fetch it again")
                    return part
                file.write(part)
                hashed.update(part)
                size += len(part)
        raise Refusal(f"{out} has no voucher: fetch it again")

    try:
        told: voucher_pb2.Voucher = wait_for(one, fetched())
        _put(told, voucher)
    except OSError as fault:
        raise Refusal(f"{out} cannot be written: {fault.strerror}") from fault
    return told


def tell(mesh: Mesh, file: voucher_pb2.BatchFile) -> None:
    """Show how far a file is."""
    if mesh.as_json:
        say_json(plain(file))
        return
    state = voucher_pb2.BatchFileState.Name(file.state).removeprefix("BATCH_FILE_STATE_").lower()
    say(f"{file.data_contract} {file.sequence_number} {state}")
    if file.rejection:
        why = voucher_pb2.BatchFileRejection.Name(file.rejection)
        say(f"  {file.status.code} {why.removeprefix('BATCH_FILE_REJECTION_')} {file.field}")
    if file.HasField("expires_at"):
        say(f"  may come until {file.expires_at.ToJsonString()}")
    if file.HasField("batch"):
        say(f"  {file.batch.batch_id}: {file.batch.done_count:,} of {file.batch.item_count:,}")


def _parts(
    header: batch_pb2.BatchHeader, items: Iterable[list[batch_pb2.BatchItem]]
) -> Iterable[batch_service_pb2.SubmitBatchRequest]:
    yield batch_service_pb2.SubmitBatchRequest(header=header)
    for some in items:
        yield batch_service_pb2.SubmitBatchRequest(items=batch_service_pb2.BatchItems(items=some))


async def _pieces(
    announcement: pb.BatchFileAnnouncement, file: Path
) -> AsyncIterator[pb.SubmitBatchFileRequest]:
    yield pb.SubmitBatchFileRequest(announcement=announcement)
    with file.open("rb") as content, show_bar() as bar:
        task = bar.add_task("handed over", total=announcement.voucher.byte_count)
        while some := content.read(PIECE):
            yield pb.SubmitBatchFileRequest(content=some)
            bar.advance(task, len(some))


async def _streamed(one: Identity, batch: str) -> AsyncIterator[Any]:
    """The bytes of a file and then its voucher; a stream that ends by itself is begun again where
    it was."""
    at, left = 0, 0
    async with one.channel() as channel:
        while True:
            request = pb.StreamResultFileRequest(
                information_customer=information_of(one), batch_id=batch, from_byte=at
            )
            stream = STUB(channel).StreamResultFile(request)
            try:
                async for message in stream:
                    left = MOST_RESUMED
                    match message.WhichOneof("part"):
                        case "content":
                            yield message.content
                            at += len(message.content)
                        case "voucher":
                            yield message.voucher
                        case _:
                            said = message.status
                            raise Refusal(f"{said.code}: {said.description}")
                return
            except grpc.aio.AioRpcError as ended:
                if ended.code() is not grpc.StatusCode.UNAVAILABLE or not left:
                    raise
                left -= 1
            finally:
                stream.cancel()


def _delimit(message: Message) -> bytes:
    """A message after its length."""
    told = BytesIO()
    proto.serialize_length_prefixed(message, told)
    return told.getvalue()


def _put(voucher: voucher_pb2.Voucher, at: Path) -> Path:
    at.write_text(json_format.MessageToJson(voucher, preserving_proto_field_name=True) + "\n")
    return at

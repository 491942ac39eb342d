"""Between `cbss.routing.v1`'s files and the nouns of files."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cbss.routing.v1 import batch_file_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2, voucher_pb2
from google.protobuf.message import DecodeError

from services.admission.model import Call
from services.admission.wire import Calls, encode_information_cbss
from services.concepts.data_contract import ContractName, parse_contract_name
from services.concepts.failures import invalid
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import SectorInstitution
from services.concepts.status import status
from services.kit.caller import Caller
from services.kit.errors import MessageUnreadable
from services.routing.batches.model import MOST_ITEMS, Item, Order, Reading
from services.routing.batches.wire import (
    decode_items,
    decode_order,
    encode_batch,
)
from services.routing.files.model import (
    HIGHEST_NUMBER,
    MOST_BYTES,
    BatchFile,
    FileState,
    Part,
    Voucher,
    Whole,
)
from services.routing.files.rules import Unreadable
from services.wire import values
from services.wire.head import decode_head

SERVICE = "cbss.routing.v1.BatchFileService"
BANK = SectorInstitution(25, 0)
"""The place of the crossroads bank. Source: sector list of the bank."""
LONGEST_NAME = 128
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AT = "announcement.voucher"


async def decode_submission(
    requests: AsyncIterator[pb.SubmitBatchFileRequest], calls: Calls, caller: Caller
) -> tuple[Call, Voucher, AsyncIterator[bytes]]:
    """Who announces which file, and its bytes as they come."""
    async for first in requests:
        if first.WhichOneof("part") != "announcement":
            break
        announced = first.announcement
        told, voucher = announced.information_customer, decode_voucher(announced.voucher)
        call = calls.of("SubmitBatchFile", caller, told, voucher.legal_context)
        if call.customer != voucher.sender:
            raise invalid(f"{_AT}.sender", "must be the customer")
        return call, voucher, decode_content(requests)
    raise invalid("announcement", "must be the first message")


def decode_voucher(told: voucher_pb2.Voucher) -> Voucher:
    """A voucher of a file of questions; fails naming the field that cannot be used."""
    if not 1 <= told.sequence_number <= HIGHEST_NUMBER:
        raise invalid(f"{_AT}.sequence_number", "must be 1 to 999999999999999")
    if values.decode_organization(told.receiver, f"{_AT}.receiver") != BANK:
        raise invalid(f"{_AT}.receiver", "must be sector 25, institution 0")
    if not 1 <= told.item_count <= MOST_ITEMS:
        raise invalid(f"{_AT}.item_count", f"must be 1 to {MOST_ITEMS}")
    if not 1 <= told.byte_count <= MOST_BYTES:
        raise invalid(f"{_AT}.byte_count", f"must be 1 to {MOST_BYTES}")
    if not _SHA256.fullmatch(told.sha256):
        raise invalid(f"{_AT}.sha256", "must be 64 hexadecimal digits in lower case")
    if not told.HasField("created_at"):
        raise invalid(f"{_AT}.created_at", "must say when the file was made")
    return Voucher(
        file_name=values.decode_text(told.file_name, f"{_AT}.file_name", LONGEST_NAME, shortest=1),
        number=told.sequence_number,
        sender=values.decode_organization(told.sender, f"{_AT}.sender"),
        receiver=BANK,
        legal_context=parse_legal_context(told.legal_context),
        contract=parse_contract_name(told.data_contract, told.contract_version),
        item_count=told.item_count,
        byte_count=told.byte_count,
        sha256=bytes.fromhex(told.sha256),
        created_at=values.decode_instant(told.created_at, f"{_AT}.created_at"),
    )


async def decode_content(
    requests: AsyncIterator[pb.SubmitBatchFileRequest],
) -> AsyncIterator[bytes]:
    """The bytes of a file as they come."""
    async for request in requests:
        if request.WhichOneof("part") != "content":
            raise MessageUnreadable
        if request.content:
            yield request.content


def decode_key(request: pb.GetBatchFileRequest) -> tuple[ContractName, int]:
    """The file that a request names, of whoever asks."""
    return (
        parse_contract_name(request.data_contract, request.contract_version),
        request.sequence_number,
    )


@dataclass(frozen=True)
class Reader:
    """Reads what stands in a file of questions."""

    async def read(
        self, messages: AsyncIterator[bytes], call: Call
    ) -> tuple[Order, AsyncIterator[Sequence[Item]]]:
        """What a file asks, and its items as they come."""
        requests = _requests(messages)
        first = await anext(requests, None)
        if first is None or first.WhichOneof("part") != "header":
            raise invalid("header", "must be the first message")
        header = first.header
        head = decode_head(header.information_customer, header.legal_context)
        order = decode_order(header, replace(call, head=head))
        return order, decode_items(requests)


async def _requests(
    messages: AsyncIterator[bytes],
) -> AsyncIterator[batch_service_pb2.SubmitBatchRequest]:
    async for message in messages:
        try:
            request = batch_service_pb2.SubmitBatchRequest.FromString(message)
        except DecodeError:
            raise Unreadable from None
        yield request


def encode_file(of: BatchFile, now: datetime) -> voucher_pb2.BatchFile:
    """How far a file has come."""
    told = voucher_pb2.BatchFile(
        sequence_number=of.key.number,
        data_contract=of.key.contract.code,
        contract_version=of.key.contract.version,
        file_name=of.file_name,
        state=f"BATCH_FILE_STATE_{of.state.name}",
        announced_at=values.encode_instant(of.announced_at),
        batch=None if of.batch is None else encode_batch(of.batch, now),
    )
    if of.state is FileState.ANNOUNCED:
        told.expires_at.CopyFrom(values.encode_instant(of.expires_at))
    if of.flaw is not None:
        told.rejection = of.flaw.rejection.value  # type: ignore[assignment]
        told.field = of.flaw.field
        facts = [("fieldName", of.flaw.field)] if of.flaw.field else []
        told.status.CopyFrom(values.encode_status(status(of.flaw.code, *facts)))
    return told


def encode_submit_response(
    call: Call, file: BatchFile, is_repeat: bool, now: datetime
) -> pb.SubmitBatchFileResponse:
    """What became of a file that was handed over."""
    return pb.SubmitBatchFileResponse(
        information_cbss=encode_information_cbss(call, now),
        file=encode_file(file, now),
        repeated_voucher=is_repeat,
    )


def encode_stream_response(
    part: Part | Whole | Reading, now: datetime
) -> pb.StreamResultFileResponse:
    """A message of a stream that brings a file of results."""
    match part:
        case Part():
            return pb.StreamResultFileResponse(content=part.content)
        case Whole():
            return pb.StreamResultFileResponse(voucher=_voucher(part, now))
    return pb.StreamResultFileResponse(status=values.encode_status(part.status))


def _voucher(of: Whole, now: datetime) -> voucher_pb2.Voucher:
    batch = of.batch
    return voucher_pb2.Voucher(
        file_name=f"{batch.contract.code}.{batch.contract.version}.{of.number}.results",
        sequence_number=of.number,
        sender=values.encode_organization(BANK),
        receiver=values.encode_organization(batch.customer),
        legal_context=batch.legal_context,
        data_contract=batch.contract.code,
        contract_version=batch.contract.version,
        item_count=of.item_count,
        byte_count=of.byte_count,
        sha256=of.sha256.hex(),
        created_at=values.encode_instant(batch.finished_at or now),
    )

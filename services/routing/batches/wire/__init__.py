"""Between `cbss.routing.v1`'s batches and the nouns of batches."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from google.protobuf.message import Message

from services.admission.model import Call
from services.admission.wire import Calls, encode_information_cbss
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import invalid
from services.concepts.party import Certificate
from services.concepts.status import status_codes
from services.kit.caller import Caller
from services.kit.paging import PageTokens, page_size
from services.routing.batches import rules
from services.routing.batches.model import Batch, Item, Order, Reading, Submitted
from services.routing.model import Outcome, Question
from services.routing.wire import outcomes
from services.routing.wire.payloads import decode_payload
from services.routing.wire.questions import decode_enterprise, decode_moment, decode_ssin
from services.wire import values
from services.wire.head import decode_head

MOST_IN_A_MESSAGE = 10_000
LONGEST_REFERENCE = 36
LONGEST_NUMBER = 64
SHORTEST_TERM, LONGEST_TERM = timedelta(minutes=1), timedelta(days=30)
SERVICE = "cbss.routing.v1.BatchService"


async def decode_submission(
    requests: AsyncIterator[pb.SubmitBatchRequest], calls: Calls, caller: Caller
) -> tuple[Order, AsyncIterator[Sequence[Item]]]:
    """What a stream asks, and its items as they come; fails if it does not begin with a header."""
    async for first in requests:
        if first.WhichOneof("part") != "header":
            break
        header = first.header
        call = calls.of("SubmitBatch", caller, header.information_customer, header.legal_context)
        return decode_order(header, call), decode_items(requests)
    raise invalid("header", "must be the first message")


def decode_order(header: batch_pb2.BatchHeader, call: Call) -> Order:
    """What a batch asks, on the day on which it came."""
    return Order(
        call=call,
        question=Question(
            head=decode_head(header.information_customer, header.legal_context),
            contract=parse_contract_name(header.data_contract, header.contract_version),
            ssin=None,
            period=decode_moment(header, call.day),
            criteria=decode_payload(header.criteria) if header.HasField("criteria") else None,
        ),
        moment=_moment(header),
        term=_term(header),
        header=header.SerializeToString(),
    )


def _moment(header: batch_pb2.BatchHeader) -> str:
    asked = header.WhichOneof("moment")
    told = None if asked is None else getattr(header, asked)
    return told.SerializeToString(deterministic=True).hex() if isinstance(told, Message) else ""


def _term(header: batch_pb2.BatchHeader) -> timedelta | None:
    if not header.HasField("term"):
        return None
    if header.term.seconds > LONGEST_TERM.total_seconds():
        raise invalid("header.term", "must be 1 minute to 30 days")
    term: timedelta = header.term.ToTimedelta()
    if not SHORTEST_TERM <= term <= LONGEST_TERM:
        raise invalid("header.term", "must be 1 minute to 30 days")
    return term


async def decode_items(
    requests: AsyncIterator[pb.SubmitBatchRequest],
) -> AsyncIterator[Sequence[Item]]:
    """Items as they come; fails naming the one that cannot be used."""
    count = 0
    async for request in requests:
        told = request.items.items
        if request.WhichOneof("part") != "items" or not 1 <= len(told) <= MOST_IN_A_MESSAGE:
            raise invalid("items", f"must be 1 to {MOST_IN_A_MESSAGE} in each message")
        yield [decode_item(one, count + n) for n, one in enumerate(told)]
        count += len(told)


def decode_item(told: batch_pb2.BatchItem, place: int) -> Item:
    """An item at its place; fails if its field cannot be used at all."""
    path = f"items[{place}]"
    values.decode_text(told.reference, f"{path}.reference", LONGEST_REFERENCE)
    if len(told.ssin) > LONGEST_NUMBER:
        raise invalid(f"{path}.ssin", f"must be at most {LONGEST_NUMBER} characters")
    if told.ssin and told.cbe_number:
        raise invalid(f"{path}.ssin", "must not be given beside `cbe_number`")
    if told.cbe_number:
        if len(told.cbe_number) > LONGEST_NUMBER:
            raise invalid(f"{path}.cbe_number", f"must be at most {LONGEST_NUMBER} characters")
        return Item(told.cbe_number, told.reference, None, decode_enterprise(told.cbe_number))
    return Item(told.ssin, told.reference, decode_ssin(told.ssin))


def decode_batch_id(text: str) -> UUID:
    """The batch that a request names."""
    try:
        return UUID(text)
    except ValueError:
        raise invalid("batch_id", "must be a UUID") from None


def decode_before(tokens: PageTokens, request: pb.ListBatchesRequest, call: Call) -> UUID | None:
    """The batch after which the page begins; none from the latest."""
    if not request.page_token:
        return None
    (told,) = tokens.position(request.page_token, caller=str(call.customer), query=b"batches")
    return UUID(str(told))


def decode_place(tokens: PageTokens, request: pb.ListBatchResultsRequest, call: Call) -> int:
    """The place at which the page of results begins."""
    if not request.page_token:
        return 0
    query = request.batch_id.encode()
    (told,) = tokens.position(request.page_token, caller=str(call.customer), query=query)
    return int(told or 0)


def decode_batches_size(request: pb.ListBatchesRequest) -> int:
    """How many batches a page holds."""
    return page_size(request.page_size, default=20, most=100)


def decode_results_size(request: pb.ListBatchResultsRequest) -> int:
    """How many results a page holds."""
    return page_size(request.page_size, default=100, most=1000)


def encode_batch(of: Batch, now: datetime) -> batch_pb2.Batch:
    """How far a batch has come."""
    told = batch_pb2.Batch(
        batch_id=str(of.batch_id),
        ticket=of.ticket,
        legal_context=of.legal_context,
        data_contract=of.contract.code,
        contract_version=of.contract.version,
        state=f"BATCH_STATE_{of.state.name}",
        item_count=of.item_count,
        done_count=of.done_count,
        status_counts=[
            batch_pb2.StatusCount(
                value=values.encode_status_value(status_codes()[code].value),
                code=code,
                count=count,
            )
            for code, count in sorted(of.counts.items())
        ],
        submitted_at=values.encode_instant(of.submitted_at),
        due_at=values.encode_instant(of.due_at),
        overdue=of.is_overdue or (not of.state.is_final and of.due_at <= now),
    )
    instants = {
        "estimated_at": rules.estimate(of, now),
        "finished_at": of.finished_at,
        "kept_until": of.kept_until,
    }
    for name, at in instants.items():
        if at is not None:
            getattr(told, name).CopyFrom(values.encode_instant(at))
    return told


def encode_submit_response(call: Call, came: Submitted, now: datetime) -> pb.SubmitBatchResponse:
    """What became of a batch that was handed over."""
    information = encode_information_cbss(call, now)
    if came.batch is not None:
        information.ticket_cbss = str(came.batch.batch_id)
    return pb.SubmitBatchResponse(
        information_cbss=information,
        status=values.encode_status(came.status),
        batch=None if came.batch is None else encode_batch(came.batch, now),
        repeated_batch=came.is_repeat,
    )


def encode_list_batches_response(
    tokens: PageTokens, call: Call, page: Sequence[Batch], most: int, now: datetime
) -> pb.ListBatchesResponse:
    """A page of batches."""
    token = ""
    if len(page) == most:
        position = [str(page[-1].batch_id)]
        token = tokens.token(position, caller=str(call.customer), query=b"batches")
    return pb.ListBatchesResponse(
        batches=[encode_batch(one, now) for one in page], next_page_token=token
    )


def encode_results_response(
    tokens: PageTokens,
    call: Call,
    request: pb.ListBatchResultsRequest,
    read: Reading,
    now: datetime,
) -> pb.ListBatchResultsResponse:
    """A page of results."""
    token = ""
    if read.page.has_more:
        query = request.batch_id.encode()
        token = tokens.token([read.page.next_position], caller=str(call.customer), query=query)
    return pb.ListBatchResultsResponse(
        status=values.encode_status(read.status),
        results=map(batch_pb2.BatchResult.FromString, read.page.results),
        next_page_token=token,
        batch=encode_batch(read.batch, now),
    )


def encode_stream_response(read: Reading, now: datetime) -> pb.StreamBatchResultsResponse:
    """A message of a stream of results."""
    message = pb.StreamBatchResultsResponse(
        results=map(batch_pb2.BatchResult.FromString, read.page.results),
        batch=encode_batch(read.batch, now),
    )
    if read.status.code.code != "MSG00000":
        message.status.CopyFrom(values.encode_status(read.status))
    if read.heartbeat is not None:
        message.heartbeat_interval.FromTimedelta(read.heartbeat)
    return message


@dataclass(frozen=True)
class Forms:
    """How orders rest and results travel."""

    def encode_order(self, order: Order) -> bytes:
        """An order with the call that it came with."""
        call = order.call
        organization = call.certificate.organization
        return json.dumps(
            {
                "header": b64encode(order.header).decode(),
                "ticket": str(call.ticket),
                "rpc": call.rpc,
                "received_at": call.received_at.isoformat(),
                "day": call.day.isoformat(),
                "organization": None if organization is None else organization.number,
                "public_key_sha256": call.certificate.public_key_sha256,
                "certificate_sha256": call.certificate.certificate_sha256,
                "trace_id": call.trace_id,
            }
        ).encode()

    def decode_order(self, kept: bytes) -> Order:
        """The order that was kept."""
        told = json.loads(kept)
        header = batch_pb2.BatchHeader.FromString(b64decode(told["header"]))
        number = told["organization"]
        call = Call(
            ticket=UUID(told["ticket"]),
            rpc=told["rpc"],
            received_at=datetime.fromisoformat(told["received_at"]),
            day=date.fromisoformat(told["day"]),
            certificate=Certificate(
                None if number is None else EnterpriseNumber(number),
                told["public_key_sha256"],
                told["certificate_sha256"],
            ),
            trace_id=told["trace_id"],
            head=decode_head(header.information_customer, header.legal_context),
        )
        return decode_order(header, call)

    def encode_result(self, position: int, item: Item, outcome: Outcome) -> bytes:
        """The outcome of an item as it will be read."""
        result = batch_pb2.BatchResult(
            position=position,
            reference=item.reference,
            status=values.encode_status(outcome.status),
            results=map(outcomes.encode_source_result, outcome.answers),
        )
        if item.enterprise is None:
            result.ssin.ssin = item.number
        else:
            result.cbe_number = item.number
        outcomes.encode_report(outcome, result)
        return result.SerializeToString()

"""Files as they travel: a voucher that cannot be used names its field."""

import pytest
from cbss.routing.v1 import batch_file_service_pb2 as pb
from cbss.routing.v1 import batch_pb2, batch_service_pb2, voucher_pb2
from google.protobuf import json_format

from cli.files import write
from services.admission.wire import Calls
from services.concepts.failures import InvalidArgument
from services.kit.caller import Caller
from services.kit.errors import MessageUnreadable
from services.kit.ids import uuid7
from services.routing.files import rules, wire
from services.routing.files.model import BatchFile, FileState, Flaw, Rejection
from tests.services.routing import examples as ex
from tests.services.routing.batches.examples import NOW
from tests.services.routing.files.examples import PERSONS, content, header, told_voucher, voucher

FILE = content(*PERSONS)
CALLS = Calls(wire.SERVICE, uuid7, lambda: NOW)


async def decoded(*requests):
    async def come():
        for one in requests:
            yield one

    call, announced, content_of = await wire.decode_submission(come(), CALLS, Caller("gateway"))
    return call, announced, [one async for one in content_of]


def announcement(told, customer=ex.CENTRE.digits):
    request = pb.SubmitBatchFileRequest()
    request.announcement.voucher.CopyFrom(told)
    customer_of = request.announcement.information_customer
    customer_of.ticket = "t-1"
    customer_of.customer_identification.cbe_number = customer
    return request


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("file_name", ""),
        ("file_name", "x" * 129),
        ("file_name", "two\nlines"),
        ("sequence_number", 0),
        ("sequence_number", 10**15),
        ("item_count", 0),
        ("item_count", 500_001),
        ("byte_count", 0),
        ("byte_count", 2**40),
        ("sha256", ""),
        ("sha256", "A" * 64),
        ("sha256", "0" * 63),
    ],
)
async def test_a_field_of_a_voucher_that_cannot_be_used_is_named(field, value):
    with pytest.raises(InvalidArgument) as refused:
        await decoded(announcement(told_voucher(FILE, 7, **{field: value})))

    assert refused.value.violations[0].field == f"announcement.voucher.{field}"


@pytest.mark.parametrize("field", ["sender", "receiver", "created_at"])
async def test_what_a_voucher_must_tell_is_missed_by_name(field):
    told = told_voucher(FILE, 7)
    told.ClearField(field)

    with pytest.raises(InvalidArgument) as refused:
        await decoded(announcement(told))
    assert refused.value.violations[0].field == f"announcement.voucher.{field}"


async def test_a_file_for_somebody_else_is_not_taken():
    told = told_voucher(FILE, 7)
    told.receiver.cbe_number = ex.CENTRE.digits

    with pytest.raises(InvalidArgument):
        await decoded(announcement(told))


async def test_the_sender_is_who_asks():
    with pytest.raises(InvalidArgument) as refused:
        await decoded(announcement(told_voucher(FILE, 7), customer="0899990150"))

    assert refused.value.violations[0].field == "announcement.voucher.sender"


async def test_content_without_a_voucher_is_not_taken():
    with pytest.raises(InvalidArgument) as refused:
        await decoded(pb.SubmitBatchFileRequest(content=FILE))

    assert refused.value.violations[0].field == "announcement"


async def test_a_second_announcement_in_a_call_is_unreadable():
    first = announcement(told_voucher(FILE, 7))

    with pytest.raises(MessageUnreadable):
        await decoded(first, first)


async def test_content_comes_in_its_order_and_what_is_empty_is_passed_over():
    parts = [pb.SubmitBatchFileRequest(content=one) for one in (b"a", b"", b"bc")]
    call, announced, came = await decoded(announcement(told_voucher(FILE, 7)), *parts)

    assert came == [b"a", b"bc"]
    assert announced == voucher(FILE, 7)
    assert call.rpc == "cbss.routing.v1.BatchFileService/SubmitBatchFile"


def test_why_it_was_rejected_is_told_with_field_and_status():
    file = BatchFile(
        key=voucher(FILE, 7).key(ex.CENTRE),
        file_name="a",
        state=FileState.REJECTED,
        announced_at=NOW,
        expires_at=NOW,
        digest=b"",
        flaw=Flaw(Rejection.CONTENT_INVALID, "items[3].ssin"),
    )
    told = wire.encode_file(file, NOW)

    assert told.state == voucher_pb2.BATCH_FILE_STATE_REJECTED
    assert told.rejection == voucher_pb2.BATCH_FILE_REJECTION_CONTENT_INVALID
    assert (told.field, told.status.code) == ("items[3].ssin", "MSG00008")
    assert not told.HasField("expires_at")


def test_what_the_command_writes_is_read(tmp_path):
    out = tmp_path / "questions.bin"
    beside = write(out, header(), [[batch_pb2.BatchItem(ssin=PERSONS[0])]], 5)
    told = json_format.Parse(beside.read_text(), voucher_pb2.Voucher())
    first, items = map(
        batch_service_pb2.SubmitBatchRequest.FromString, rules.Messages().add(out.read_bytes())
    )

    assert wire.decode_voucher(told).number == 5
    assert first.header == header()
    assert [one.ssin for one in items.items.items] == [PERSONS[0]]

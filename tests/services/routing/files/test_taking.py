"""Taking files: what their vouchers say they are, in their order, whole or not at all."""

import asyncio

import pytest
from cbss.routing.v1 import batch_pb2, batch_service_pb2

from services.concepts.decision import Denied
from services.kit.errors import StoreUnavailable
from services.routing.batches.model import BatchState
from services.routing.errors import FileUnknown, SequenceGap, SequenceReused
from services.routing.files import rules
from services.routing.files.model import FileState, Rejection
from tests.services.routing.files.examples import (
    PERSONS,
    TERM,
    content,
    header,
    message,
    pieces,
    somebody_else,
    voucher,
)

FILE = content(*PERSONS)
DAMAGED = FILE[:-1] + bytes([FILE[-1] ^ 1])


async def rows(country):
    """How many batches and chunks there are, known or not."""
    return (
        await country.pool.fetchval("select count(*) from batch"),
        await country.pool.fetchval("select count(*) from batch_chunk"),
    )


async def test_a_file_becomes_a_batch_and_is_processed_with_it(country):
    taken = await country.file(FILE)
    await country.work()
    again = await country.filings.get(country.call(), taken.key.contract, 1)

    assert (taken.state, taken.batch.item_count) == (FileState.VALIDATED, 7)
    assert (again.state, again.batch.state) == (FileState.PROCESSED, BatchState.DONE)
    assert len(country.audit.lines()) == 7


async def test_it_may_come_in_pieces_of_any_size(country):
    for number, size in enumerate((1, 7, 10_000), start=1):
        file = content(*PERSONS, head=header(ticket=f"t-{size}"))
        taken = await country.file(file, number=number, coming=pieces(file, size))
        assert taken.state is FileState.VALIDATED


async def test_the_same_voucher_again_is_answered_with_the_state_of_the_first(country):
    first = await country.file(FILE)
    again = await country.file(FILE)

    assert again.batch.batch_id == first.batch.batch_id
    assert await rows(country) == (1, 3)


async def test_a_voucher_without_a_file_waits_and_the_file_may_follow(country):
    announced = await country.file(FILE, coming=pieces(b""))
    taken = await country.file(FILE)

    assert announced.state is FileState.ANNOUNCED
    assert announced.expires_at == country.now + TERM
    assert taken.state is FileState.VALIDATED


async def test_what_never_came_is_rejected_and_the_next_goes_on(country):
    await country.file(FILE, coming=pieces(b""))
    with pytest.raises(SequenceGap):
        await country.file(FILE, number=2)
    country.now += TERM
    await country.keeping.step()
    late = await country.file(FILE)
    following = await country.file(FILE, number=2)

    assert late.flaw.rejection is Rejection.NOT_RECEIVED
    assert following.state is FileState.VALIDATED
    assert await country.keeping.step() == 0
    assert country.halted == 0


async def test_a_gap_stops_the_sequence_and_alarms_until_it_is_closed(country):
    with pytest.raises(SequenceGap) as refused:
        await country.file(FILE, number=3)
    await country.keeping.step()
    halted, gaps = country.halted, country.gaps
    for number in (1, 2, 3):
        file = content(*PERSONS, head=header(ticket=f"t-{number}"))
        assert (await country.file(file, number=number)).state is FileState.VALIDATED
        await country.keeping.step()

    assert refused.value.facts == {"expected": "1"}
    assert (halted, gaps, country.halted) == (1, 1, 0)
    assert ("REFUSAL", 0, "SEQUENCE_GAP") in country.audit.heads()


async def test_a_number_with_another_voucher_is_refused(country):
    await country.file(FILE)
    other = content(*PERSONS[:6])

    with pytest.raises(SequenceReused):
        await country.file(other, count=6)
    assert await rows(country) == (1, 3)


@pytest.mark.parametrize(
    ("file", "rejection", "field"),
    [
        (FILE[:-20], Rejection.CUT, "voucher.byte_count"),
        (FILE[:3], Rejection.CUT, "voucher.byte_count"),
        (FILE + b"\0", Rejection.TOO_LONG, "voucher.byte_count"),
        (DAMAGED, Rejection.HASH_DIFFERS, "voucher.sha256"),
        (b"\xff" * len(FILE), Rejection.HASH_DIFFERS, "voucher.sha256"),
    ],
)
async def test_what_is_not_as_its_voucher_says_is_rejected_for_good(
    country, file, rejection, field
):
    told = voucher(FILE, 7)
    rejected = await country.file(file, told=told)
    again = await country.file(FILE, told=told)
    mended = await country.file(FILE, number=2)

    assert (rejected.flaw.rejection, rejected.flaw.field) == (rejection, field)
    assert again.flaw == rejected.flaw
    assert mended.state is FileState.VALIDATED
    assert await rows(country) == (1, 3)
    assert country.rejections == [rejection]


WRONG_REFERENCE = batch_service_pb2.BatchItems(
    items=[batch_pb2.BatchItem(ssin=PERSONS[0]), batch_pb2.BatchItem(reference="x" * 37)]
)


@pytest.mark.parametrize(
    ("file", "count", "rejection", "field"),
    [
        (b"\xff" * 9, 1, Rejection.UNREADABLE, ""),
        (b"\x05hallo", 1, Rejection.UNREADABLE, ""),
        (FILE + b"\x05", 7, Rejection.UNREADABLE, ""),
        (message(items=WRONG_REFERENCE), 2, Rejection.CONTENT_INVALID, "header"),
        (
            message(header=header()) + message(items=WRONG_REFERENCE),
            2,
            Rejection.CONTENT_INVALID,
            "items[1].reference",
        ),
        (message(header=header()), 1, Rejection.VOUCHER_DIFFERS, "voucher.item_count"),
        (FILE, 6, Rejection.VOUCHER_DIFFERS, "voucher.item_count"),
        (
            content(*PERSONS, head=header(contract="OTHER")),
            7,
            Rejection.VOUCHER_DIFFERS,
            "voucher.data_contract",
        ),
        (
            content(*PERSONS, head=header(context="PCSW:OTHER")),
            7,
            Rejection.VOUCHER_DIFFERS,
            "voucher.legal_context",
        ),
    ],
)
async def test_what_stands_wrong_in_a_file_is_named_and_nothing_taken(
    country, file, count, rejection, field
):
    rejected = await country.file(file, count=count)

    assert (rejected.flaw.rejection, rejected.flaw.field) == (rejection, field)
    assert await rows(country) == (0, 0)
    assert country.audit.heads() == [("REFUSAL", 0, f"FILE_{rejection.name}")]


async def test_what_no_deliberation_allows_is_rejected_with_its_status(country):
    country.mesh.verdict = Denied("NO_DELIBERATION", None, "v1")
    rejected = await country.file(FILE)

    assert rejected.flaw.rejection is Rejection.NOT_TAKEN
    assert rejected.flaw.code == "MSG00013"
    assert await rows(country) == (0, 0)


async def test_a_ticket_of_another_batch_is_rejected(country):
    await country.submit(*PERSONS[:2])
    rejected = await country.file(FILE)

    assert rejected.flaw.rejection is Rejection.TICKET_REUSED


async def test_a_batch_that_was_handed_over_by_stream_before_is_that_of_the_file(country):
    first = await country.submit(*PERSONS)
    taken = await country.file(FILE)

    assert (taken.state, taken.batch.batch_id) == (FileState.VALIDATED, first.batch.batch_id)


async def test_a_call_that_is_cut_leaves_the_voucher_and_nothing_else(country):
    async def cut():
        yield FILE[:100]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await country.file(FILE, coming=cut())
    left = await country.filings.get(country.call(), voucher(FILE, 7).contract, 1)
    taken = await country.file(FILE)

    assert left.state is FileState.ANNOUNCED
    assert taken.state is FileState.VALIDATED


async def test_where_the_trail_is_away_the_file_may_come_again(country):
    country.audit.fault = StoreUnavailable()
    with pytest.raises(StoreUnavailable):
        await country.file(FILE)
    left = await country.filings.get(country.call(), voucher(FILE, 7).contract, 1)
    rows_left = await rows(country)
    country.audit.fault = None

    assert (left.state, rows_left) == (FileState.RECEIVED, (0, 0))
    assert (await country.file(FILE)).state is FileState.VALIDATED


async def test_the_same_twice_at_the_same_time_is_taken_once(country):
    both = await asyncio.gather(*(country.file(FILE) for _ in range(2)), return_exceptions=True)

    assert {type(one).__name__ for one in both} <= {"BatchFile", "FileRaced"}
    assert (await country.file(FILE)).state is FileState.VALIDATED
    assert await rows(country) == (1, 3)


async def test_nobody_else_sees_a_file(country):
    await country.file(FILE)
    stranger = country.call(organization=somebody_else(country))

    with pytest.raises(FileUnknown):
        await country.filings.get(stranger, voucher(FILE, 7).contract, 1)


async def test_a_number_stays_used_when_what_became_of_it_is_forgotten(country):
    await country.file(FILE)
    country.now += country.keeping.kept
    await country.keeping.step()

    with pytest.raises(SequenceReused):
        await country.file(FILE)


def test_messages_are_cut_wherever_their_bytes_are_parted():
    whole = b"\xac\x02" + b"a" * 300 + b"\0" + b"\1b"
    for size in (1, 2, 150, 400):
        cut = rules.Messages()
        came = [one for at in range(0, len(whole), size) for one in cut.add(whole[at : at + size])]
        cut.end()
        assert came == [b"a" * 300, b"", b"b"]

"""Results as files: the same bytes each time, whole under the hash of their voucher."""

import hashlib

import pytest
from cbss.routing.v1 import batch_pb2

from services.concepts.decision import Denied
from services.concepts.failures import InvalidArgument
from services.routing.batches.model import Reading
from services.routing.errors import BatchNotDone, BatchUnknown
from services.routing.files import rules, wire
from services.routing.files.model import Whole
from tests.services.routing.batches.examples import NOW, person
from tests.services.routing.files.examples import PERSONS, somebody_else


async def done(country, *texts, ticket="t-1"):
    """The identification of a batch that is done."""
    taken = await country.submit(*texts, ticket=ticket)
    await country.work()
    return taken.batch.batch_id


async def test_the_file_holds_every_result_in_order_and_the_voucher_says_so(country):
    batch_id = await done(country, *PERSONS)
    content, whole = await country.result_file(batch_id)
    read = rules.Messages()
    results = [batch_pb2.BatchResult.FromString(one) for one in read.add(content)]
    read.end()

    assert results == await country.results(batch_id)
    assert (whole.item_count, whole.byte_count) == (7, len(content))
    assert whole.sha256 == hashlib.sha256(content).digest()


async def test_who_was_cut_off_goes_on_at_a_byte_and_the_hash_is_of_the_whole(country):
    batch_id = await done(country, *PERSONS)
    content, whole = await country.result_file(batch_id)

    for start in (1, len(content) // 2, len(content)):
        rest, again = await country.result_file(batch_id, start)
        assert content[:start] + rest == content
        assert again == whole
    with pytest.raises(InvalidArgument):
        await country.result_file(batch_id, len(content) + 1)


async def test_files_to_a_customer_are_numbered_without_a_gap_when_they_are_asked_for(country):
    first = await done(country, person(1))
    second = await done(country, person(2), ticket="t-2")
    numbers = [(await country.result_file(one))[1].number for one in (second, first, second)]

    assert numbers == [1, 2, 1]


async def test_the_voucher_as_it_travels_names_both_sides(country):
    batch_id = await done(country, *PERSONS)
    _, whole = await country.result_file(batch_id)
    told = wire.encode_stream_response(whole, NOW).voucher

    assert told.sender.sector_institution.sector == 25
    assert told.receiver.cbe_number == whole.batch.customer.digits
    assert (told.file_name, told.sequence_number) == ("EXAMPLE.1.1.results", 1)
    assert told.sha256 == whole.sha256.hex()


async def test_a_batch_that_is_not_done_has_no_file(country):
    taken = await country.submit(*PERSONS)

    with pytest.raises(BatchNotDone):
        await country.result_file(taken.batch.batch_id)


async def test_nobody_else_gets_it(country):
    batch_id = await done(country, *PERSONS)
    stranger = country.call(organization=somebody_else(country))

    with pytest.raises(BatchUnknown):
        async for _ in country.given.stream(stranger, batch_id, 0):
            pass


async def test_what_is_no_longer_allowed_is_not_given(country):
    batch_id = await done(country, *PERSONS)
    country.mesh.verdict = Denied("NO_DELIBERATION", None, "v1")
    content, last = await country.result_file(batch_id)

    assert content == b""
    assert isinstance(last, Reading)
    assert last.status.code.code == "MSG00013"
    assert not isinstance(last, Whole)

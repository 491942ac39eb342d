"""Records are kept small, and come out as they went in, but for the persons."""

import pytest
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2
from google.protobuf import timestamp_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.trail.form import ground_of, instance_of, uuid_bytes, whole
from services.audit.trail.model import Kept

words = st.text(max_size=12)
uuids = st.uuids().map(str)
instants = st.builds(
    timestamp_pb2.Timestamp,
    seconds=st.integers(0, 4_000_000_000),
    nanos=st.integers(0, 999_999_999),
)
legs = st.builds(
    record_pb.SourceLeg,
    supplier_cbe_number=words,
    supplier_ticket=st.one_of(words, uuids),
    status_code=words,
    duration_microseconds=st.integers(0, 2**40),
)


@st.composite
def records(draw):
    made = record_pb.ExchangeRecord(
        record_id=draw(uuids),
        ticket_cbss=draw(uuids),
        stage=draw(st.integers(1, 7)),
        occurred_at=draw(instants),
        rpc=draw(words),
        customer_cbe_number=draw(st.sampled_from(["", "0899990348", "x"])),
        customer_ticket=draw(st.one_of(words, uuids)),
        legal_context=draw(words),
        trace_id=draw(st.sampled_from(["", "0" * 32, "abc", "AB" * 16])),
        reading_reason=draw(words),
        subjects_count=draw(st.integers(0, 1000)),
        sources=draw(st.lists(legs, max_size=3)),
        status_value=status_pb2.STATUS_VALUE_DATA_FOUND,
    )
    if draw(st.booleans()):
        made.received_at.CopyFrom(draw(instants))
    if draw(st.booleans()):
        begin, end = made.period.begin_date, made.period.end_date
        begin.year, begin.month, begin.day = draw(
            st.sampled_from([(2026, 1, 1), (1969, 12, 31), (2026, 2, 30), (0, 0, 0)])
        )
        if draw(st.booleans()):
            end.year, end.month, end.day = 2026, 11, draw(st.integers(0, 30))
        else:
            made.period.ClearField("end_date")
    return made


@settings(max_examples=200)
@given(records())
def test_what_was_split_is_whole_again(record):
    from uuid import UUID

    kept = Kept(
        1,
        UUID(record.record_id),
        UUID(record.ticket_cbss),
        instance_of(record),
        ground_of(record).content,
    )

    assert whole(kept) == record


def test_persons_are_in_neither_part():
    record = record_pb.ExchangeRecord(
        subject_ssin="71713000318", user_id="89672220419", subject_cbe_number="0314595348"
    )

    kept = instance_of(record) + ground_of(record).content

    assert b"71713000318" not in kept
    assert b"89672220419" not in kept
    assert b"0314595348" not in kept


@pytest.mark.parametrize(("number", "customer"), [("0899990348", 8999903), ("", 0), ("x" * 10, 0)])
def test_a_customer_is_searched_by_its_number_without_the_check_digits(number, customer):
    record = record_pb.ExchangeRecord(customer_cbe_number=number)

    assert ground_of(record).customer == customer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01a21077-9cf4-7c01-8fa8-3d087938cf8",
        "01A21077-9cf4-7c01-8fa8-3d087938cf88",
        "01a210779cf4-7c01-8fa8-3d087938cf88-",
        "01a21077-9cf4-7c01-8fa8-3d087938cf8g",
        "01a21077-9cf4-7c01-8fa8- 3d087938cf8",
        "01a21077--9cf-47c0-18fa-83d087938cf8",
    ],
)
def test_a_text_that_is_no_canonical_uuid_is_kept_as_text(text):
    assert uuid_bytes(text) is None


@given(st.uuids())
def test_a_canonical_uuid_is_its_bytes(one):
    assert uuid_bytes(str(one)) == one.bytes

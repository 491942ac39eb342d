"""Nothing in a record lets its reader guess what was exchanged, or about whom."""

from uuid import UUID

import pytest
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import kept_record_pb2 as kept_pb
from google.protobuf.descriptor import FieldDescriptor

from services.audit.trail.form import ground_of, instance_of
from services.audit.trail.subjects import MonthKey
from services.audit.trail.wire import records
from tests.services.audit.fakes import PERSON
from tests.services.audit.test_servicer import record

CERTIFICATE = "ab" * 32

COMPUTED = {
    # Of an organization's certificate only.
    "cbss.audit.v1.ExchangeRecord.client_certificate_sha256",
    # Of two identifications, made at random by who asked and by a source.
    "cbss.audit.v1.KeptInstance.customer_ticket_uuid",
    "cbss.audit.v1.KeptInstance.trace",
    "cbss.audit.v1.KeptLeg.supplier_ticket_uuid",
    # Encrypted and keyed with the key of the month, which is not kept beside them.
    "cbss.audit.v1.KeptInstance.enterprise",
    "cbss.audit.v1.KeptInstance.subject",
    "cbss.audit.v1.KeptInstance.user",
    "cbss.audit.v1.KeptInstance.user_key",
}
"""All that is bytes or is called a digest, a hash or a size, and why it may be."""
MEASURES = ("sha256", "digest", "hash", "size", "length", "checksum")


def fields():
    for message in (
        record_pb.ExchangeRecord,
        record_pb.SourceLeg,
        kept_pb.KeptInstance,
        kept_pb.KeptLeg,
    ):
        yield from message.DESCRIPTOR.fields


def test_no_field_is_computed_from_content():
    found = {
        field.full_name
        for field in fields()
        if field.type in (FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_FIXED64)
        or any(word in field.name for word in MEASURES)
    }

    assert found == COMPUTED


@pytest.mark.parametrize("caller", ["", "0899990348"])
def test_a_certificate_is_kept_in_plain_only_of_an_organization(caller):
    told = record(client_certificate_sha256=CERTIFICATE, caller_cbe_number=caller)

    entry = records.decode_entry(told)

    assert (CERTIFICATE.encode() in ground_of(told).content + instance_of(told)) == bool(caller)
    assert entry.user == ("" if caller else CERTIFICATE)


def test_the_same_person_is_found_by_other_keys_in_every_month_and_is_never_sealed_alike():
    months = [MonthKey.of(number, bytes([number]) * 32) for number in (1, 2)]
    ids = [UUID(int=n) for n in (1, 2)]

    hidden = [month.hide(PERSON, one) for month in months for one in ids]

    assert len({one.key for one in hidden}) == len(months)
    assert len({one.encrypted for one in hidden}) == len(months) * len(ids)
    assert {len(one.encrypted) for one in hidden} == {5 + 16}

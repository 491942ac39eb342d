"""Records as handed over by recorders."""

from datetime import UTC
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail import form as kept
from services.audit.trail import rules
from services.audit.trail.model import Entry, Replacement, Stage
from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin
from services.concepts.subject import CbeNumber, kind_of, parse_cbe_number

MOST_RECORDS = 1000
LARGEST_RECORD = 60_000
"""The longest record, in bytes: the length of a leaf of the log must fit in 16 bits."""
LONGEST_USER = 36


def decode_entries(request: pb.RecordExchangesRequest) -> list[Entry]:
    """The records in order; fails naming the first field that is wrong."""
    if not 1 <= len(request.records) <= MOST_RECORDS:
        raise invalid("records", f"must be 1 to {MOST_RECORDS}")
    return [_recorded(record, f"records[{n}]") for n, record in enumerate(request.records)]


def _recorded(record: record_pb.ExchangeRecord, path: str) -> Entry:
    made = decode_entry(record, path)
    if made.stage not in rules.RECORDED:
        raise invalid(f"{path}.stage", "must be another than READING")
    return made


def decode_entry(record: record_pb.ExchangeRecord, path: str = "record") -> Entry:
    """A record as the trail takes it: the person apart from what is kept in plain."""
    if record.stage == record_pb.EXCHANGE_STAGE_UNSPECIFIED or record.stage > len(Stage):
        raise invalid(f"{path}.stage", "must be a stage")
    if record.verdict not in (record_pb.VERDICT_PERMIT, record_pb.VERDICT_DENY):
        raise invalid(f"{path}.verdict", "must be PERMIT or DENY")
    if not record.HasField("occurred_at"):
        raise invalid(f"{path}.occurred_at", "must be told")
    for instant in ("occurred_at", "received_at"):
        if record.HasField(instant) and not kept.is_instant(getattr(record, instant)):
            raise invalid(f"{path}.{instant}", "must be an instant from 1970 to 2262")
    if len(record.user_id) > LONGEST_USER:
        raise invalid(f"{path}.user_id", f"must be at most {LONGEST_USER} characters")
    subject = None
    if record.subject_ssin:
        subject = parse_ssin(record.subject_ssin, field=f"{path}.subject_ssin")
    enterprise = _enterprise(record, path)
    is_about_none = subject is None and enterprise is None
    if record.stage == record_pb.EXCHANGE_STAGE_LINE and (is_about_none or record.subjects_count):
        raise invalid(f"{path}.subject_ssin", "must be told in a LINE, which counts nobody")
    ground, instance = kept.ground_of(record), kept.instance_of(record)
    if len(ground.content) + len(instance) > LARGEST_RECORD:
        raise invalid(path, f"must be at most {LARGEST_RECORD} bytes")
    return Entry(
        decode_identification(record.record_id, f"{path}.record_id"),
        decode_identification(record.ticket_cbss, f"{path}.ticket_cbss"),
        Stage(record.stage),
        subject,
        ground,
        instance,
        record.user_id or _unnamed(record),
        enterprise,
    )


def _enterprise(record: record_pb.ExchangeRecord, path: str) -> CbeNumber | None:
    """What the record is about, if that is no person."""
    if not record.subject_kind and not record.subject_cbe_number:
        return None
    number = parse_cbe_number(record.subject_cbe_number, field=f"{path}.subject_cbe_number")
    if record.subject_kind != kind_of(number).value or record.subject_ssin:
        raise invalid(f"{path}.subject_kind", "must be what the number names, and no person")
    return number


def _unnamed(record: record_pb.ExchangeRecord) -> str:
    """The certificate of who is no organization, which is hidden as its user would be."""
    return "" if record.caller_cbe_number else record.client_certificate_sha256


def decode_replacement(request: pb.RecordReplacementRequest) -> Replacement:
    """A replaced number as the trail takes it; fails naming the field that is wrong."""
    event_id = decode_identification(request.event_id, "event_id")
    old, new = parse_ssin(request.ssin), parse_ssin(request.replaced_by, field="replaced_by")
    if old == new:
        raise invalid("replaced_by", "must be another number")
    if not request.HasField("occurred_at"):
        raise invalid("occurred_at", "must be told")
    try:
        occurred_at = request.occurred_at.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise invalid("occurred_at", "must be an instant") from None
    return Replacement(event_id, old, new, occurred_at)


def decode_identification(text: str, field: str) -> UUID:
    """The UUID in a text of its canonical form; fails naming the field."""
    found = kept.uuid_bytes(text)
    if found is None:
        raise invalid(field, "must be a UUID in canonical text")
    return UUID(bytes=found)

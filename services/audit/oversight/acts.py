"""What oversight itself leaves in the trail: that it read, and what it told whom."""

from datetime import date, datetime
from uuid import UUID

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from google.type import date_pb2

from services.audit.oversight.model import Alert
from services.audit.oversight.model.alerts import NewAlert
from services.audit.trail.model import Entry
from services.audit.trail.wire.records import decode_entry
from services.concepts.enterprise_number import EnterpriseNumber

READING = "services.audit.oversight/read"
ALERT = "services.audit.oversight/alert"


def reading(why: str, record_id: UUID, ticket: UUID, at: datetime) -> Entry:
    """The record that the trail is about to be read."""
    record = record_pb.ExchangeRecord(
        record_id=str(record_id),
        ticket_cbss=str(ticket),
        stage=record_pb.EXCHANGE_STAGE_READING,
        verdict=record_pb.VERDICT_PERMIT,
        rpc=READING,
        reading_reason=why,
    )
    record.occurred_at.FromDatetime(at)
    return decode_entry(record)


def alert_record(alert: Alert, at: datetime) -> Entry:
    """The record that an institution is alerted: found among its own records, under the alert's
    identification, and the same when the same is found again."""
    record = record_pb.ExchangeRecord(
        record_id=str(alert.alert_id),
        ticket_cbss=str(alert.alert_id),
        stage=record_pb.EXCHANGE_STAGE_PUSH,
        verdict=record_pb.VERDICT_PERMIT,
        rpc=ALERT,
        customer_cbe_number=alert.organization,
        reason=alert.code.value,
    )
    for day, kept in (
        (alert.first_day, record.period.begin_date),
        (alert.last_day, record.period.end_date),
    ):
        kept.CopyFrom(date_pb2.Date(year=day.year, month=day.month, day=day.day))
    record.occurred_at.FromDatetime(at)
    return decode_entry(record)


def alert_of(alert: Alert, due: date) -> NewAlert:
    """What the officer of the institution is asked, and until when he is to answer."""
    return NewAlert(
        alert.alert_id,
        EnterpriseNumber(int(alert.organization)),
        alert.code.value,
        alert.rule_of,
        alert.first_day,
        alert.last_day,
        alert.count,
        alert.tickets,
        due,
    )

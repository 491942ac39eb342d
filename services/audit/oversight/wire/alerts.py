"""Alerts of possible misuse, as they travel."""

from datetime import date
from typing import cast
from uuid import UUID

from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.common.v1 import words_pb2
from google.type import date_pb2

from services.audit.oversight.model import Code
from services.audit.oversight.model.alerts import AlertPage, Finding, KeptAlert
from services.audit.oversight.rules.rulebook import explain_rule, rulebook
from services.audit.trail.model import Page
from services.audit.trail.wire.acts import CallActs
from services.audit.trail.wire.inquiries import Reader, decode_reason
from services.audit.trail.wire.records import decode_identification
from services.concepts.failures import invalid

DEFAULT_PAGE, LARGEST_PAGE = 20, 100
DUTY = "oversight of one's own institution"


def decode_page(
    request: pb.ListAlertsRequest | pb.ListUnansweredAlertsRequest | pb.ListAnsweredAlertsRequest,
    reader: Reader,
) -> Page:
    """Which page is asked."""
    return reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)


def decode_acknowledge_alert(request: pb.AcknowledgeAlertRequest) -> tuple[UUID, Finding]:
    """Which alert is answered, and what was found."""
    alert_id = decode_identification(request.alert_id, "alert_id")
    try:
        return alert_id, Finding(request.finding)
    except ValueError:
        raise invalid("finding", "must be told") from None


def decode_acts(reader: Reader, alert_id: UUID) -> CallActs:
    """What makes the record of an answer, found under the alert."""
    return CallActs(reader, alert_id)


def decode_reading(reader: Reader) -> CallActs:
    """What makes the record of an officer's reading."""
    return CallActs(reader, reader.call.ticket, DUTY)


def decode_overseeing(
    request: pb.ListUnansweredAlertsRequest | pb.ListAnsweredAlertsRequest, reader: Reader
) -> CallActs:
    """What makes the record of the committee's reading."""
    return CallActs(reader, reader.call.ticket, decode_reason(request.reason))


def encode_list_alerts_response(found: AlertPage, reader: Reader) -> pb.ListAlertsResponse:
    """A page of an institution's alerts."""
    token = reader.token(found.after)
    return pb.ListAlertsResponse(alerts=map(encode_alert, found.shown), next_page_token=token)


def encode_list_unanswered_alerts_response(
    found: AlertPage, reader: Reader
) -> pb.ListUnansweredAlertsResponse:
    """A page of what was not answered."""
    token = reader.token(found.after)
    return pb.ListUnansweredAlertsResponse(
        alerts=map(encode_alert, found.shown), next_page_token=token
    )


def encode_list_answered_alerts_response(
    found: AlertPage, reader: Reader
) -> pb.ListAnsweredAlertsResponse:
    """A page of what was answered."""
    token = reader.token(found.after)
    return pb.ListAnsweredAlertsResponse(
        alerts=map(encode_alert, found.shown), next_page_token=token
    )


def encode_alert(kept: KeptAlert) -> pb.Alert:
    """An alert as its reader gets it."""
    told = kept.told
    text = explain_rule(rulebook(), Code(told.code), told.last_day)
    made = pb.Alert(
        alert_id=str(told.alert_id),
        cbe_number=told.organization.digits,
        code=told.code,
        explanation=words_pb2.Words(nl=text.nl, fr=text.fr, de=text.de),
        rule_of_date=_date(told.rule_of),
        first_date=_date(told.first_day),
        last_date=_date(told.last_day),
        count=told.count,
        tickets=map(str, told.tickets),
        due_date=_date(told.due),
    )
    if kept.finding is not None:
        made.finding = cast("pb.AlertFinding", kept.finding.value)
    for answer in kept.answers:
        given = made.answers.add(finding=cast("pb.AlertFinding", answer.finding.value))
        given.answered_at.FromDatetime(answer.answered_at)
    made.told_at.FromDatetime(kept.told_at)
    if kept.acknowledged_at is not None:
        made.acknowledged_at.FromDatetime(kept.acknowledged_at)
    return made


def _date(day: date) -> date_pb2.Date:
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)

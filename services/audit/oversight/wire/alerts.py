"""Alerts of possible misuse, as they travel."""

from datetime import date
from typing import cast
from uuid import UUID

from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.common.v1 import words_pb2
from google.type import date_pb2

from services.audit.oversight.model import Code
from services.audit.oversight.model.alerts import AlertPage, Finding, KeptAlert
from services.audit.oversight.rules.rulebook import explained, rulebook
from services.audit.trail.model import Page
from services.audit.trail.wire.acts import CallActs
from services.audit.trail.wire.inquiries import Reader, reasoned
from services.audit.trail.wire.records import identified
from services.concepts.failures import invalid

DEFAULT_PAGE, LARGEST_PAGE = 20, 100
DUTY = "oversight of one's own institution"


def page(
    request: pb.ListAlertsRequest | pb.ListUnansweredAlertsRequest | pb.ListAnsweredAlertsRequest,
    reader: Reader,
) -> Page:
    """Which page is asked."""
    return reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)


def acknowledged(request: pb.AcknowledgeAlertRequest) -> tuple[UUID, Finding]:
    """Which alert is answered, and what was found."""
    alert_id = identified(request.alert_id, "alert_id")
    try:
        return alert_id, Finding(request.finding)
    except ValueError:
        raise invalid("finding", "must be told") from None


def acts(reader: Reader, alert_id: UUID) -> CallActs:
    """What makes the record of an answer, found under the alert."""
    return CallActs(reader, alert_id)


def reading(reader: Reader) -> CallActs:
    """What makes the record of an officer's reading."""
    return CallActs(reader, reader.call.ticket, DUTY)


def overseeing(
    request: pb.ListUnansweredAlertsRequest | pb.ListAnsweredAlertsRequest, reader: Reader
) -> CallActs:
    """What makes the record of the committee's reading."""
    return CallActs(reader, reader.call.ticket, reasoned(request.reason))


def listed(found: AlertPage, reader: Reader) -> pb.ListAlertsResponse:
    """A page of an institution's alerts."""
    token = reader.token(found.after)
    return pb.ListAlertsResponse(alerts=map(alert, found.shown), next_page_token=token)


def listed_unanswered(found: AlertPage, reader: Reader) -> pb.ListUnansweredAlertsResponse:
    """A page of what was not answered."""
    token = reader.token(found.after)
    return pb.ListUnansweredAlertsResponse(alerts=map(alert, found.shown), next_page_token=token)


def listed_answered(found: AlertPage, reader: Reader) -> pb.ListAnsweredAlertsResponse:
    """A page of what was answered."""
    token = reader.token(found.after)
    return pb.ListAnsweredAlertsResponse(alerts=map(alert, found.shown), next_page_token=token)


def alert(kept: KeptAlert) -> pb.Alert:
    """An alert as its reader gets it."""
    told = kept.told
    text = explained(rulebook(), Code(told.code), told.last_day)
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

"""Monthly reports, as they are kept and as they travel."""

from collections.abc import Mapping
from datetime import datetime

from cbss.audit.v1 import oversight_service_pb2 as pb
from google.type import date_pb2

from services.audit.oversight.model import Report
from services.audit.oversight.model.alerts import CountedMonth
from services.audit.oversight.wire.alerts import DUTY
from services.audit.trail.month_names import month_number
from services.audit.trail.wire.acts import CallActs
from services.audit.trail.wire.inquiries import Reader
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import invalid


def decode_get_monthly_report(request: pb.GetMonthlyReportRequest) -> int:
    """Which month is asked, by its number."""
    told = request.month
    if not (1970 <= told.year <= 9999 and 1 <= told.month <= 12 and told.day == 0):
        raise invalid("month", "must be a year and a month, the day 0")
    return month_number(told.year, told.month)


def decode_reading(reader: Reader) -> CallActs:
    """What makes the record of an officer's reading."""
    return CallActs(reader, reader.call.ticket, DUTY)


def encode_counted_month(report: Report, month: int, at: datetime) -> CountedMonth:
    """A report as it is kept."""
    made = pb.MonthlyReport(
        month=date_pb2.Date(year=month // 12, month=month % 12 + 1),
        cbe_number=report.organization,
        exchanges=report.exchanges,
        by_legal_context=_words(report.by_legal_context),
        refusals_by_reason=_words(report.refusals_by_reason),
        off_hours=report.off_hours,
        searches=report.searches,
        searches_without_follow_up=report.searches_without_follow_up,
        persons=report.persons,
        persons_often_asked=[
            pb.OftenAsked(times=times, persons=persons)
            for times, persons in report.persons_asked_at_least.items()
        ],
        batches=report.batches,
        persons_in_batches=report.persons_in_batches,
    )
    made.made_at.FromDatetime(at)
    organization = EnterpriseNumber(int(report.organization))
    return CountedMonth(organization, month, made.SerializeToString(deterministic=True))


def encode_get_monthly_report_response(content: bytes) -> pb.GetMonthlyReportResponse:
    """A report as its reader gets it."""
    return pb.GetMonthlyReportResponse(report=pb.MonthlyReport.FromString(content))


def _words(counts: Mapping[str, int]) -> list[pb.WordCount]:
    return [pb.WordCount(word=word, count=count) for word, count in counts.items()]

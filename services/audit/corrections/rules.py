"""What may become of a report, when it is due, and who got the datum."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.audit.corrections.model import Decided, NewReport, Report, ReportState, Suspicion
from services.audit.trail.model.deliveries import Term
from services.concepts.delays import Delay, delay
from services.concepts.enterprise_number import EnterpriseNumber

NEXT = {
    ReportState.OPEN: {ReportState.ACCEPTED, ReportState.REFUSED, ReportState.CORRECTED},
    ReportState.ACCEPTED: {ReportState.CORRECTED},
    ReportState.REFUSED: frozenset[ReportState](),
    ReportState.CORRECTED: frozenset[ReportState](),
}
"""What a report may become; who agreed that a datum is wrong has to correct it."""

WAITING = frozenset(state for state, following in NEXT.items() if following)
"""The states that are no end."""


def may_become(report: Report, decided: Decided) -> bool:
    """Whether the source may decide so now."""
    return decided.state in NEXT[report.decided.state]


def is_overdue(report: Report, today: date) -> bool:
    """Whether the last day is over without an end."""
    return report.decided.state in WAITING and report.told.due_date < today


def due_date(term: Term, day: date) -> date:
    """The last day for a report of a day."""
    return day + timedelta(days=term.answer_days)


def is_shown_to_the_person(report: Report, delays: Sequence[Delay], now: datetime) -> bool:
    """Whether the person may see a report now: that an organization reported tells that it got the
    datum."""
    at = report.reported_at
    wait = delay(report.told.legal_context, at.date(), delays)
    # What is not delayed is shown whatever the clocks say: it was reported by that of the store.
    return not wait or now >= at + wait


def is_same(kept: NewReport, told: Suspicion, reporter: EnterpriseNumber | None) -> bool:
    """Whether what is kept under an identification is what is told now, the person apart."""
    return (kept.datum, kept.claim, kept.evidence_reference, kept.reporter) == (
        told.datum,
        told.claim,
        told.evidence_reference,
        reporter,
    )

"""What may become of a report, when it is due, and who got the datum."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.audit.model.reports import (
    Datum,
    Decided,
    Delivery,
    NewReport,
    Report,
    ReportState,
    Suspicion,
    Term,
)
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


def term_of(terms: Sequence[Term], day: date) -> Term:
    """The term in force on a day: the latest that has begun."""
    return max((one for one in terms if one.begins <= day), key=lambda one: one.begins)


def due_date(term: Term, day: date) -> date:
    """The last day for a report of a day."""
    return day + timedelta(days=term.answer_days)


def told_from(term: Term, day: date) -> date:
    """From which day on recipients are told of a correction of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - term.told_months, 12)
    # A month may be shorter than the day is late in it: then a little more is told, never less.
    return date(year, month + 1, min(day.day, 28))


def brought(delivery: Delivery, datum: Datum) -> bool:
    """Whether a delivery had the datum in it."""
    return brought_of(delivery, datum.data_contract, datum.source) and not any(
        _covers(cut, datum.field_path) for cut in delivery.cut
    )


def brought_of(delivery: Delivery, data_contract: str, source: EnterpriseNumber) -> bool:
    """Whether a delivery had data of a kind of a source in it."""
    return delivery.data_contract == data_contract and source.digits in delivery.sources


def purposes(deliveries: Sequence[Delivery], delays: Sequence[Delay], day: date) -> dict[str, str]:
    """Everybody who got something, with the purpose: of several the one that is shown to the person
    first, for what a later one would hide is no secret then."""
    found: dict[str, str] = {}
    for one in sorted(deliveries, key=lambda one: -delay(one.legal_context, day, delays)):
        found.update(dict.fromkeys(one.recipients, one.legal_context))
    return found


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


def _covers(cut: str, field_path: str) -> bool:
    return field_path == cut or field_path.startswith(f"{cut}.")

"""What may become of a report, when it is late, and how far back a correction is told."""

from datetime import UTC, date, datetime

import pytest

from services.audit.corrections.model import Claim, Decided, NewReport, Report, ReportState
from services.audit.corrections.rules import (
    due_date,
    is_overdue,
    is_shown_to_the_person,
    may_become,
)
from services.audit.trail.model import HiddenSubject
from services.audit.trail.model.deliveries import Datum, Delivery, Term
from services.audit.trail.rules.deliveries import brought, purposes, told_from
from services.audit.trail.terms import terms
from services.concepts.dated import Versions
from services.concepts.delays import Delay
from services.concepts.enterprise_number import EnterpriseNumber

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DATUM = Datum("HANDICAP", "handicap_recognitions.decision_status", EnterpriseNumber(899990744))
DELAYS = [
    Delay(
        begins=date(2020, 1, 1),
        legal_context="INSPECTION:*",
        days=10,
        source="law",
        places=frozenset(),
    )
]
TERMS = Versions(
    [
        Term(begins=date(2018, 5, 25), answer_days=30, told_months=24, source="law"),
        Term(begins=date(2027, 1, 1), answer_days=10, told_months=6, source="later law"),
    ]
)
OPEN, ACCEPTED, REFUSED, CORRECTED = ReportState


def report(state=OPEN, legal_context="", reported_at=NOW):
    subject = HiddenSubject(b"k", 1, b"s")
    told = NewReport(
        None, subject, DATUM, None, Claim.OUTDATED, "", legal_context, date(2026, 12, 25)
    )
    return Report(1, told, Decided(state), reported_at, None)


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("following", ReportState)
def test_a_report_goes_forward_and_ends(state, following):
    allowed = {(OPEN, ACCEPTED), (OPEN, REFUSED), (OPEN, CORRECTED), (ACCEPTED, CORRECTED)}

    assert may_become(report(state), Decided(following)) is ((state, following) in allowed)


@pytest.mark.parametrize(
    ("state", "day", "late"),
    [
        (OPEN, date(2026, 12, 25), False),
        (OPEN, date(2026, 12, 26), True),
        (ACCEPTED, date(2026, 12, 26), True),
        (REFUSED, date(2026, 12, 26), False),
        (CORRECTED, date(2026, 12, 26), False),
    ],
)
def test_what_has_no_end_after_its_day_is_late(state, day, late):
    assert is_overdue(report(state), day) is late


def test_the_term_of_the_day_governs():
    assert due_date(TERMS.on(date(2026, 12, 31)), date(2026, 12, 31)) == date(2027, 1, 30)
    assert due_date(TERMS.on(date(2027, 1, 1)), date(2027, 1, 1)) == date(2027, 1, 11)


@pytest.mark.parametrize(
    ("months", "day", "since"),
    [
        (24, date(2026, 11, 25), date(2024, 11, 25)),
        (6, date(2026, 8, 31), date(2026, 2, 28)),
        (11, date(2026, 11, 1), date(2025, 12, 1)),
        (12, date(2026, 12, 31), date(2025, 12, 28)),
    ],
)
def test_months_back_are_whole_or_a_little_more(months, day, since):
    assert (
        told_from(Term(begins=day, answer_days=1, told_months=months, source="law"), day) == since
    )


@pytest.mark.parametrize(
    ("cut", "got_it"),
    [
        ((), True),
        (("handicap_recognitions.decision",), True),
        (("handicap_recognitions",), False),
        (("x", "handicap_recognitions.decision_status"), False),
    ],
)
def test_who_got_the_rest_but_not_the_field_is_not_told(cut, got_it):
    sources, recipients = frozenset({DATUM.source.digits}), frozenset({"a"})
    one = Delivery("HANDICAP", "", NOW, sources, recipients, cut)

    assert brought(one, DATUM) is got_it


def test_of_several_purposes_the_one_shown_first_counts():
    contexts = ("INSPECTION:X", "PCSW:Y", "INSPECTION:Z")
    made = [Delivery("H", c, NOW, frozenset(), frozenset({"a"}), ()) for c in contexts]
    alone = Delivery("H", "INSPECTION:X", NOW, frozenset(), frozenset({"b"}), ())

    found = purposes([*made, alone], DELAYS, NOW.date())

    assert found == {"a": "PCSW:Y", "b": "INSPECTION:X"}


@pytest.mark.parametrize(
    ("context", "day", "is_shown"),
    [("PCSW:Y", 25, True), ("INSPECTION:X", 16, False), ("INSPECTION:X", 15, True)],
)
def test_a_report_is_hidden_from_the_person_as_long_as_the_exchange_behind_it(
    context, day, is_shown
):
    told = report(legal_context=context, reported_at=NOW.replace(day=day))

    assert is_shown_to_the_person(told, DELAYS, NOW) is is_shown


def test_the_terms_in_force_have_a_source():
    assert terms().on(NOW.date()).answer_days == 30
    assert all(term.source for term in terms())

"""Reports and notices are kept alike in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from services.audit.corrections.model import Claim, Decided, NewReport, RefusalGround, ReportState
from services.audit.corrections.store import PostgresReports
from services.audit.trail.model import HiddenSubject
from services.audit.trail.model.deliveries import Datum
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import pool

SOURCE, REPORTER, THIRD = (EnterpriseNumber(n) for n in (899990744, 899990348, 899990447))
KEY, OTHER = b"k" * 16, b"o" * 16
DUE = date(2026, 12, 25)
CORRECTED = Decided(ReportState.CORRECTED)


def new(**others):
    held = {
        "report_id": uuid4(),
        "subject": HiddenSubject(KEY, 1, b"sealed"),
        "datum": Datum("HANDICAP", "recognitions.begin_date", SOURCE),
        "reporter": REPORTER,
        "claim": Claim.OUTDATED,
        "evidence_reference": "file/12",
        "legal_context": "PCSW:MEANS_TEST",
        "due_date": DUE,
    }
    return NewReport(**{**held, **others})


def ids(found):
    return [one.told.report_id for one in found]


async def test_a_report_is_kept_once_as_it_was_told_first(reports):
    told = new()

    first = await reports.add(told)
    again = await reports.add(replace(told, claim=Claim.INCORRECT))

    assert first.told == told
    assert again == first == await reports.find(told.report_id)
    assert (first.decided, first.decided_at) == (Decided(ReportState.OPEN), None)
    assert await reports.find(uuid4()) is None


async def test_each_finds_what_concerns_it_page_by_page_and_what_is_late_alone(reports):
    own = new(reporter=None, due_date=date(2026, 12, 1))
    theirs = new(subject=HiddenSubject(OTHER, 1, b"sealed"))
    foreign = new(datum=Datum("HANDICAP", "a", THIRD), reporter=THIRD)
    kept = [await reports.add(one) for one in (own, theirs, foreign)]

    async def of(organization, due_before=None, after=0):
        return ids(await reports.of_organization(organization, due_before, after, 10))

    assert await of(SOURCE) == [own.report_id, theirs.report_id]
    assert await of(SOURCE, after=kept[0].sequence) == [theirs.report_id]
    assert await of(REPORTER) == [theirs.report_id]
    assert await of(SOURCE, due_before=date(2026, 12, 2)) == [own.report_id]
    assert await of(SOURCE, due_before=date(2026, 12, 1)) == []
    assert ids(await reports.of_subject([OTHER, b"x" * 16], None, 0, 10)) == [theirs.report_id]
    assert ids(await reports.of_subject([KEY], date(2026, 12, 2), 0, 10)) == [own.report_id]
    assert ids(await reports.overdue(date(2027, 1, 1), 0, 2)) == [own.report_id, theirs.report_id]
    await reports.decide(kept[0], Decided(ReportState.REFUSED, RefusalGround.DATUM_RIGHT), {})
    assert ids(await reports.overdue(date(2026, 12, 2), 0, 10)) == []


async def test_of_two_decisions_one_is_made_and_only_its_recipients_are_told(reports):
    found = await reports.add(new())

    kept = await reports.decide(found, CORRECTED, {REPORTER.digits: "A"})
    lost = await reports.decide(found, Decided(ReportState.ACCEPTED), {THIRD.digits: "B"})
    same = await reports.decide(found, CORRECTED, {THIRD.digits: "B"})

    assert kept.decided == CORRECTED
    assert kept.decided_at is not None
    assert lost is None
    assert same == kept
    assert await reports.notices_of(THIRD, False, 0, 10) == []


async def test_a_notice_waits_until_its_recipient_acknowledges_it(reports):
    told, later = new(), new()
    for one in (told, later):
        found = await reports.add(one)
        await reports.decide(found, CORRECTED, {REPORTER.digits: "A", THIRD.digits: "B"})

    notice, other = await reports.notices_of(REPORTER, True, 0, 10)
    assert (notice.report_id, notice.datum, notice.legal_context) == (
        told.report_id,
        told.datum,
        "A",
    )
    assert notice.subject == told.subject
    await reports.acknowledge(REPORTER, told.report_id)
    first = await reports.find_notice(REPORTER, told.report_id)
    await reports.acknowledge(REPORTER, told.report_id)

    assert first.acknowledged_at is not None
    assert await reports.find_notice(REPORTER, told.report_id) == first
    assert await reports.notices_of(REPORTER, True, 0, 10) == [other]
    assert await reports.notices_of(REPORTER, False, 0, 1) == [first]
    assert await reports.notices_of(REPORTER, False, first.sequence, 10) == [other]
    assert len(await reports.notices_of(THIRD, True, 0, 10)) == 2
    assert await reports.find_notice(SOURCE, told.report_id) is None


@pytest.mark.parametrize(
    "statement",
    [
        "update error_report set field_path = 'x'",
        "update correction_notice set recipient = '0899990447'",
        "delete from error_report",
        "delete from correction_notice",
    ],
)
async def test_the_service_changes_nothing_that_was_reported(database, statement):
    async with pool(database.dsn, name="audit") as opened:
        found = await PostgresReports(opened).add(new())
        await PostgresReports(opened).decide(found, CORRECTED, {REPORTER.digits: "A"})

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await opened.execute(statement)

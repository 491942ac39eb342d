"""What stands beside the log and was bent is found: keys of months, freezes, reports, decisions,
alerts and their answers, numbers that were replaced."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.audit.retention.acts import forgetting, freezing, purging
from services.audit.trail.model import ALERT, HiddenReplacement
from services.audit.verify.duties import ACKNOWLEDGE, ANSWER, DECIDE, DECISION, REPORT
from services.audit.verify.duties import beside as beside_of
from services.kit.ids import uuid7
from tests.services.audit.fakes import ANOTHER, PERSON
from tests.services.audit.logs import real_entry

CENTRE, SOURCE = "0899990348", "0899990744"
PURPOSE = "TEST:0"
OPEN, DECIDED, DECISION_ID, ALERT_ID = (UUID(int=n) for n in (11, 12, 13, 14))


def act(rpc, ticket, customer=CENTRE, **others):
    told = {"legal_context": PURPOSE, **others}
    return real_entry(
        stage=5, rpc=rpc, ticket_cbss=str(ticket), customer_cbe_number=customer, **told
    )


def about(rpc, ticket, customer=CENTRE):
    return act(rpc, ticket, customer, data_contract="HANDICAP", sources=[SOURCE])


async def put(running, statement, *arguments):
    await running.owner.execute(statement, *arguments)


REPORTED = (
    "insert into error_report (report_id, subject_key, subject_key_version, subject_encrypted,"
    " data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, state,"
    " decided_at, due_date) values ($1, $2, $3, $4, 'HANDICAP', 'rights', $5, $6, 1, '', $7, $8,"
    " $9, '2027-01-01')"
)


@pytest.fixture
async def beside(running, tmp_path):
    """A signed trail with something of everything beside it."""
    keys = running.trail.subjects
    running.month = (await running.trail.months.current()).month
    await running.trail.record(
        [
            about(REPORT, OPEN),
            about(REPORT, DECIDED),
            about(DECIDE, DECIDED, SOURCE),
            about(ACKNOWLEDGE, DECIDED, CENTRE),
            act(DECISION, DECISION_ID),
            act(ALERT, ALERT_ID, reason="OFF_HOURS"),
            act(ANSWER, ALERT_ID),
            freezing(running.month, "inquiry 7", uuid7, datetime.now(UTC)),
        ]
    )
    await put(running, "update month set frozen_for = 'inquiry 7'")
    for one, state in ((OPEN, 1), (DECIDED, 4)):
        hidden = keys.hide(PERSON, one)
        named = (hidden.key, hidden.key_version, hidden.encrypted)
        at = None if state == 1 else datetime.now(UTC)
        await put(running, REPORTED, one, *named, SOURCE, CENTRE, PURPOSE, state, at)
    await put(
        running,
        "insert into correction_notice (report_id, recipient, legal_context, acknowledged_at)"
        " values ($1, $2, '', now())",
        DECIDED,
        CENTRE,
    )
    hidden, sealed = keys.hide(PERSON, DECISION_ID), keys.seal(b"granted", DECISION_ID)
    await put(
        running,
        "insert into decision (decision_id, organization, subject_key, subject_key_version,"
        " subject_encrypted, content_key_version, content) values ($1, $2, $3, $4, $5, $6, $7)",
        *(DECISION_ID, CENTRE, hidden.key, hidden.key_version, hidden.encrypted),
        *(sealed.key_version, sealed.content),
    )
    await put(
        running,
        "insert into alert (alert_id, organization, code, rule_of, first_day, last_day, count,"
        " tickets, due) values ($1, $2, 'OFF_HOURS', '2026-01-01', '2026-11-01', '2026-11-01', 1,"
        " '{}', '2026-12-01')",
        ALERT_ID,
        CENTRE,
    )
    await put(running, "insert into alert_answer (alert_id, finding) values ($1, 1)", ALERT_ID)
    event = UUID(int=15)
    hidden = keys.hide(PERSON, event), keys.hide(ANOTHER, event)
    await running.trail.replacements.add_replacement(
        HiddenReplacement(event, *hidden, datetime.now(UTC))
    )
    await running.record(5)
    await running.grow()
    running.tmp_path = tmp_path
    return running


async def found(running):
    store = Store(
        dsn=running.database.owner_dsn,
        signatures=Signatures(running.storage, running.signer.verifier),
        subject_keys=running.tmp_path / "subject-keys.json",
        beside=beside_of(),
        patience=0,
    )
    return (await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)).findings


BENT = {
    "a key of another length": ("update month set wrapped_key = '\\x00'", Flaw.KEY),
    "a key bent": (
        "update month set wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)",
        Flaw.KEY,
    ),
    "a key of a version that there is not": ("update month set key_version = 9", Flaw.KEY),
    "a month thawed": ("update month set frozen_for = null", Flaw.FROZEN),
    "a month frozen for another inquiry": ("update month set frozen_for = 'x'", Flaw.FROZEN),
    "a month forgotten": (
        "update month set forgotten_at = now(), wrapped_key = null, key_version = null",
        Flaw.UNDECLARED,
    ),
    "a month gone": ("delete from month", Flaw.SCHEMA),
    "a month more": (
        "insert into month (month, key_version, wrapped_key) select month + 1, key_version,"
        " wrapped_key from month",
        Flaw.SCHEMA,
    ),
    "a report gone": ("delete from error_report where state = 1", Flaw.DUTY),
    "a report forged": (
        "insert into error_report overriding system value select gen_random_uuid(), 99,"
        " subject_key, subject_key_version,"
        " subject_encrypted, data_contract, field_path, source, reporter, claim,"
        " evidence_reference, legal_context, 1, null, reported_at, due_date, null from"
        " error_report where state = 1",
        Flaw.DUTY,
    ),
    "a report decided by nobody": (
        "update error_report set state = 2, decided_at = now() where state = 1",
        Flaw.DUTY,
    ),
    "a decision on a report undone": (
        "update error_report set state = 1, decided_at = null where state = 4",
        Flaw.DUTY,
    ),
    "a report to another source": ("update error_report set source = '0899990645'", Flaw.DUTY),
    "a report by another": ("update error_report set reporter = null", Flaw.DUTY),
    "a report about another kind of data": (
        "update error_report set data_contract = 'X'",
        Flaw.DUTY,
    ),
    "a report for another purpose": ("update error_report set legal_context = ''", Flaw.DUTY),
    "a report about another person": (
        "update error_report set subject_encrypted = (select subject_encrypted from decision)",
        Flaw.SEALED,
    ),
    "a report filed under another person": (
        "update error_report set subject_key = substr(sha256('x'), 1, 16)",
        Flaw.SEALED,
    ),
    "a notice that was never acknowledged": (
        "update correction_notice set acknowledged_at = null",
        Flaw.DUTY,
    ),
    "a decision gone": ("delete from decision", Flaw.DUTY),
    "a decision of another organization": (
        f"update decision set organization = '{SOURCE}'",
        Flaw.DUTY,
    ),
    "a decision under another identification": (
        "update decision set decision_id = gen_random_uuid()",
        Flaw.DUTY,
    ),
    "what a decision says": (
        "update decision set content = set_byte(content, 14, get_byte(content, 14) # 1)",
        Flaw.SEALED,
    ),
    "whom a decision is about": (
        "update decision set subject_key = substr(sha256('x'), 1, 16)",
        Flaw.SEALED,
    ),
    "an alert gone": ("delete from alert_answer; delete from alert", Flaw.DUTY),
    "an alert under another identification": (
        "delete from alert_answer; update alert set alert_id = gen_random_uuid()",
        Flaw.DUTY,
    ),
    "an answer gone": ("delete from alert_answer", Flaw.DUTY),
    "an answer more": (
        "insert into alert_answer (alert_id, finding) select alert_id, 2 from alert",
        Flaw.DUTY,
    ),
    "a replacement that leads elsewhere": (
        "update replacement set new_key = substr(sha256('x'), 1, 16)",
        Flaw.SEALED,
    ),
    "a replacement turned around": (
        "update replacement set old_encrypted = new_encrypted",
        Flaw.SEALED,
    ),
}


async def test_what_nobody_bent_is_as_the_acts_say(beside):
    assert await found(beside) == []


@pytest.mark.parametrize("name", BENT)
async def test_what_is_bent_beside_the_log_is_found(beside, name):
    statement, flaw = BENT[name]
    await put(beside, statement)

    assert flaw in {one.flaw for one in await found(beside)}


async def test_what_was_purged_is_not_missed(beside):
    now = datetime.now(UTC)
    for kind in ("error_reports", "decisions"):
        later = now.date().replace(year=now.year + 1)
        await beside.trail.record([purging(kind, later, 1, uuid7, now)])
    await put(beside, "delete from decision")
    await put(beside, "delete from correction_notice")
    await put(beside, "delete from error_report")
    await beside.grow()

    assert await found(beside) == []


async def test_a_month_that_was_thawed_again_is_not_frozen(beside):
    await beside.trail.record([freezing(beside.month, None, uuid7, datetime.now(UTC))])
    await put(beside, "update month set frozen_for = null")
    await beside.grow()

    assert await found(beside) == []
    assert forgetting(beside.month, uuid7, datetime.now(UTC)).stage.value == 5

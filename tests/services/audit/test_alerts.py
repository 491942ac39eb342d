"""Alerts are read and answered by the officer of the institution, and then by those who oversee."""

import hashlib
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import asyncpg
import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import oversight_service_pb2 as pb
from cbss.audit.v1 import oversight_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.type import date_pb2

from services.audit.callers import CALLERS
from services.audit.oversight.model import Code, Report
from services.audit.oversight.model.alerts import Finding, NewAlert
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.store.alerts import PostgresAlerts
from services.audit.oversight.store.monthly import PostgresMonthlyReports
from services.audit.oversight.unanswered import AlertsWatch
from services.audit.oversight.wire.monthly import encode_counted_month
from services.audit.trail.model import ALERT, Stage
from services.audit.trail.month_names import month_number
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import pool
from tests.services.audit.reporting import GHENT, LIEGE, card, recorded, refusal, said, turned_away
from tests.services.audit.serving import NOW, record

DAY = date(2026, 11, 2)
WATCHED = {(2026, 11, 30): 0, (2026, 12, 1): 1, (2026, 12, 25): 2}
NOVEMBER = date_pb2.Date(year=2026, month=11)


def told(organization=GHENT, code=Code.OWN_NUMBER, due=date(2026, 11, 30)):
    number, tickets = EnterpriseNumber(int(organization)), (uuid4(), uuid4())
    return NewAlert(uuid4(), number, code.value, DAY, DAY, DAY, 2, tickets, due)


@pytest.fixture
def officers(audit, authority):
    """Certificates of officers of two institutions, as the gateway says them."""
    made = {}
    for number in (GHENT, LIEGE):
        officer = authority.program(f"NTRBE-{number}")
        spki = officer.certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        audit.organizations.officers[number] = {hashlib.sha256(spki).hexdigest()}
        made[number] = said(officer)
    return made


@pytest.fixture
async def oversee(audit):
    """Calls an RPC by its name, through the gateway with a certificate or as an operator."""

    async def asked(method, metadata=None, **what):
        workload = "operator" if metadata is None else "gateway"
        stub = rpc.OversightServiceStub(await audit.raw(audit.workload(workload)))
        request = getattr(pb, f"{method}Request")(**what)
        return await getattr(stub, method)(request, metadata=metadata)

    return asked


def acts(audit, stage):
    """RPC, reason and ticket of the records of a stage."""
    rows = [row.entry for _, row in audit.records.rows if row.entry.stage is stage]
    grounds = [record_pb.ExchangeRecord.FromString(one.ground.content) for one in rows]
    return [
        (told.rpc.rpartition("/")[2], told.reason, str(one.ticket))
        for one, told in zip(rows, grounds, strict=True)
    ]


async def test_an_officer_reads_the_alerts_of_his_institution_explained(audit, officers, oversee):
    mine, foreign = told(), told(LIEGE)
    await audit.alerts.add([mine, foreign])

    [alert] = (await oversee("ListAlerts", officers[GHENT])).alerts

    assert (alert.alert_id, alert.cbe_number, alert.code) == (
        str(mine.alert_id),
        GHENT,
        "OWN_NUMBER",
    )
    assert list(alert.tickets) == [str(ticket) for ticket in mine.tickets]
    assert alert.explanation.de == rulebook().own_number.on(DAY).explanation.de
    assert (alert.due_date.day, alert.finding) == (30, pb.ALERT_FINDING_UNSPECIFIED)
    assert [name for name, *_ in acts(audit, Stage.READING)] == ["ListAlerts"]


async def test_an_answer_is_on_the_trail_and_the_first_time_counts(audit, officers, oversee):
    mine = told()
    await audit.alerts.add([mine])
    answer = {"alert_id": str(mine.alert_id)}

    first = await oversee("AcknowledgeAlert", officers[GHENT], **answer, finding=3)
    audit.alerts.now += timedelta(days=1)
    again = await oversee("AcknowledgeAlert", officers[GHENT], **answer, finding=3)
    later = await oversee("AcknowledgeAlert", officers[GHENT], **answer, finding=2)

    assert again == first
    assert later.alert.finding == pb.ALERT_FINDING_IMPROPER
    assert later.alert.acknowledged_at == first.alert.acknowledged_at
    assert [one.finding for one in later.alert.answers] == [3, 2]
    assert acts(audit, Stage.ACT) == [
        ("AcknowledgeAlert", reason, str(mine.alert_id)) for reason in ("", "NOTHING_CHANGED", "")
    ]
    open_ones = await oversee("ListAlerts", officers[GHENT], unanswered_only=True)
    assert list(open_ones.alerts) == []
    assert len((await oversee("ListAlerts", officers[GHENT])).alerts) == 1


async def test_the_alert_of_another_institution_is_unknown_and_the_try_is_recorded(
    audit, officers, oversee
):
    foreign = told(LIEGE)
    await audit.alerts.add([foreign])

    call = oversee("AcknowledgeAlert", officers[GHENT], alert_id=str(foreign.alert_id), finding=1)

    assert await refusal(call) == "ALERT_UNKNOWN"
    assert [reason for _, reason, _ in acts(audit, Stage.ACT)] == ["ALERT_UNKNOWN"]


@pytest.mark.parametrize("method", ["ListAlerts", "AcknowledgeAlert", "GetMonthlyReport"])
@pytest.mark.parametrize("who", ["program", "citizen"])
async def test_who_is_no_officer_reads_and_answers_nothing(audit, by, oversee, method, who):
    what = {
        "ListAlerts": {},
        "AcknowledgeAlert": {"alert_id": str(uuid4()), "finding": 1},
        "GetMonthlyReport": {"month": NOVEMBER},
    }[method]
    call = oversee(method, by[GHENT] if who == "program" else card(), **what)

    assert await refusal(call) == "OFFICER_UNKNOWN"
    assert turned_away(audit) == ["OFFICER_UNKNOWN"]


async def test_what_is_not_answered_in_time_is_told_to_those_who_oversee(audit, officers, oversee):
    late, answered, waiting = told(), told(), told(due=date(2026, 12, 1))
    await audit.alerts.add([late, answered, waiting])
    await audit.alerts.acknowledge(answered.organization, answered.alert_id, Finding.EXPLAINED)
    ask = {"method": "ListUnansweredAlerts", "reason": "the committee meets"}

    audit.day.append(date(2026, 11, 30))
    in_time = await oversee(**ask)
    audit.day.append(date(2026, 12, 1))
    overdue = await oversee(**ask)

    assert list(in_time.alerts) == []
    assert [one.alert_id for one in overdue.alerts] == [str(late.alert_id)]
    assert [name for name, *_ in acts(audit, Stage.READING)] == ["ListUnansweredAlerts"] * 2


def used(organization=GHENT, exchanges=3):
    report = Report(organization, exchanges, {"A": 2, "": 1}, {"X": 1}, 1, 2, 1, 3, {10: 1}, 0, 0)
    return encode_counted_month(report, month_number(2026, 11), NOW)


async def test_an_officer_reads_how_his_institution_used_the_network(audit, officers, oversee):
    await audit.monthly.keep([used(), used(LIEGE, 9)])

    report = (await oversee("GetMonthlyReport", officers[GHENT], month=NOVEMBER)).report

    assert (report.cbe_number, report.exchanges, report.month) == (GHENT, 3, NOVEMBER)
    assert [(one.word, one.count) for one in report.by_legal_context] == [("A", 2), ("", 1)]
    assert [(one.times, one.persons) for one in report.persons_often_asked] == [(10, 1)]
    assert [name for name, *_ in acts(audit, Stage.READING)] == ["GetMonthlyReport"]


async def test_a_month_of_which_nothing_was_counted_is_unknown(audit, officers, oversee):
    await audit.monthly.keep([used(LIEGE)])

    call = oversee("GetMonthlyReport", officers[GHENT], month=NOVEMBER)

    assert await refusal(call) == "MONTHLY_REPORT_UNKNOWN"
    assert [name for name, *_ in acts(audit, Stage.READING)] == ["GetMonthlyReport"]


async def test_a_month_counted_again_takes_the_place_of_what_was_kept(database):
    async with pool(database.dsn, name="audit") as opened:
        kept = PostgresMonthlyReports(opened)
        await kept.keep([used(), used(LIEGE)])
        await kept.keep([used(exchanges=4)])

        again = used(exchanges=4)
        assert await kept.find(again.organization, again.month) == again.content
        assert await kept.find(again.organization, again.month + 1) is None


async def test_pages_go_on(audit, officers, oversee):
    made = [told() for _ in range(3)]
    await audit.alerts.add(made)

    first = await oversee("ListAlerts", officers[GHENT], page_size=2)
    token = first.next_page_token
    second = await oversee("ListAlerts", officers[GHENT], page_size=2, page_token=token)

    found = [one.alert_id for one in (*first.alerts, *second.alerts)]
    assert found == [str(one.alert_id) for one in made]
    assert second.next_page_token == ""
    assert await refusal(oversee("ListAlerts", officers[LIEGE], page_token=token)) == (
        "PAGE_TOKEN_INVALID"
    )


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("AcknowledgeAlert", {"alert_id": "x", "finding": 1}),
        ("AcknowledgeAlert", {"alert_id": str(uuid4())}),
        ("AcknowledgeAlert", {"alert_id": str(uuid4()), "finding": 9}),
        ("ListAlerts", {"page_size": -1}),
        ("GetMonthlyReport", {}),
        ("GetMonthlyReport", {"month": date_pb2.Date(year=2026, month=11, day=1)}),
        ("GetMonthlyReport", {"month": date_pb2.Date(year=2026, month=13)}),
    ],
)
async def test_what_makes_no_sense_is_refused(audit, officers, oversee, method, what):
    assert await refusal(oversee(method, officers[GHENT], **what)) == "INVALID_ARGUMENT"


async def test_those_who_oversee_need_a_reason(oversee):
    assert await refusal(oversee("ListUnansweredAlerts", reason="")) == "INVALID_ARGUMENT"
    assert await refusal(oversee("ListAnsweredAlerts", reason="")) == "INVALID_ARGUMENT"


async def test_those_who_oversee_read_what_an_officer_took_back(audit, officers, oversee):
    mine = told()
    await audit.alerts.add([mine])
    for finding in (pb.ALERT_FINDING_IMPROPER, pb.ALERT_FINDING_EXPLAINED):
        await oversee(
            "AcknowledgeAlert", officers[GHENT], alert_id=str(mine.alert_id), finding=finding
        )

    [alert] = (await oversee("ListAnsweredAlerts", reason="the committee meets")).alerts

    assert [one.finding for one in alert.answers] == [
        pb.ALERT_FINDING_IMPROPER,
        pb.ALERT_FINDING_EXPLAINED,
    ]
    assert [name for name, *_ in acts(audit, Stage.READING)] == ["ListAnsweredAlerts"]


@pytest.mark.parametrize(
    "name", [one for one in CALLERS if one.startswith("cbss.audit.v1.OversightService/")]
)
async def test_who_is_not_listed_is_refused(audit, name):
    method = name.rpartition("/")[2]
    other = "routing" if "gateway" in CALLERS[name] else "gateway"
    raw = rpc.OversightServiceStub(await audit.raw(audit.workload(other)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(raw, method)(getattr(pb, f"{method}Request")())

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_programs_do_not_read_alerts_in_their_own_trail_and_officers_do(audit, by, officers):
    alert = record(stage=record_pb.EXCHANGE_STAGE_PUSH, rpc=ALERT, customer_cbe_number=GHENT)
    exchange = record(customer_cbe_number=GHENT)
    await recorded(audit, exchange, alert)
    request = audit_pb.ListOwnExchangesRequest(reason="our own check")
    request.recorded_from.FromDatetime(NOW)
    request.recorded_until.FromDatetime(NOW + timedelta(days=1))
    stub = audit_rpc.AuditServiceStub(await audit.raw(audit.workload("gateway")))

    program = await stub.ListOwnExchanges(request, metadata=by[GHENT])
    officer = await stub.ListOwnExchanges(request, metadata=officers[GHENT])

    assert [one.record_id for one in program.records] == [exchange.record_id]
    assert [one.record_id for one in officer.records] == [exchange.record_id, alert.record_id]


@pytest.mark.parametrize("order", ["EAE", "AEE", "EEA", "AAAEAAE", "AAA"])
@pytest.mark.parametrize("size", [1, 2])
async def test_no_page_tells_a_program_that_there_is_an_alert(audit, by, order, size):
    made = {"A": {"stage": record_pb.EXCHANGE_STAGE_PUSH, "rpc": ALERT}, "E": {}}
    await recorded(audit, *(record(customer_cbe_number=GHENT, **made[one]) for one in order))
    request = audit_pb.ListOwnExchangesRequest(reason="our own check", page_size=size)
    request.recorded_from.FromDatetime(NOW)
    request.recorded_until.FromDatetime(NOW + timedelta(days=1))
    stub = audit_rpc.AuditServiceStub(await audit.raw(audit.workload("gateway")))

    pages = []
    while not pages or request.page_token:
        pages.append(await stub.ListOwnExchanges(request, metadata=by[GHENT]))
        request.page_token = pages[-1].next_page_token

    shown = order.count("E")
    full = [size] * (shown // size) + [shown % size] * (shown % size > 0)
    assert [len(page.records) for page in pages] == (full or [0])


async def test_an_alert_is_kept_once_and_found_by_its_institution(alerts):
    # Alerts that come together are kept in the order of their identifications.
    one, two = sorted((told(), told()), key=lambda each: each.alert_id)
    foreign = told(LIEGE)
    await alerts.add([one, two])
    await alerts.add([one, foreign])
    ghent = one.organization

    kept = await alerts.of_organization(ghent, False, 0, 10)

    assert [each.told for each in kept] == [one, two]
    assert await alerts.of_organization(ghent, False, kept[0].sequence, 1) == kept[1:]
    assert await alerts.find(ghent, one.alert_id) == kept[0]
    assert await alerts.find(ghent, foreign.alert_id) is None


async def test_what_was_due_before_a_day_is_found_until_it_is_answered(alerts):
    one, later = told(), told(due=date(2026, 12, 24))
    await alerts.add([one, later])

    assert await alerts.unanswered(date(2026, 11, 30), 0, 10) == []
    for day, left in WATCHED.items():
        assert await AlertsWatch(alerts, None, partial(date, *day)).look() == left
    [found] = await alerts.unanswered(date(2026, 12, 1), 0, 10)
    await alerts.acknowledge(one.organization, one.alert_id, Finding.IN_INQUIRY)
    answered = await alerts.find(one.organization, one.alert_id)
    await alerts.acknowledge(one.organization, one.alert_id, Finding.IMPROPER)

    assert found.told == one
    assert await alerts.unanswered(date(2026, 12, 1), 0, 10) == []
    assert [each.told for each in await alerts.of_organization(one.organization, True, 0, 10)] == [
        later
    ]
    kept = await alerts.find(one.organization, one.alert_id)
    assert kept.finding is Finding.IMPROPER
    assert kept.acknowledged_at == answered.acknowledged_at
    assert [each.finding for each in kept.answers] == [Finding.IN_INQUIRY, Finding.IMPROPER]


async def test_answers_are_read_in_their_order_and_what_is_answered_anew_comes_again(alerts):
    one, two, waiting = told(), told(), told()
    await alerts.add([one, two, waiting])
    for each in (one, two):
        await alerts.acknowledge(each.organization, each.alert_id, Finding.IMPROPER)
    first = await alerts.answered(0, 1)
    rest = await alerts.answered(first[-1].sequence, 10)
    await alerts.acknowledge(one.organization, one.alert_id, Finding.EXPLAINED)
    anew = await alerts.answered(rest[-1].sequence, 10)

    assert [each.told for each in (*first, *rest, *anew)] == [one, two, one]
    assert [each.finding for each in anew[0].answers] == [Finding.IMPROPER, Finding.EXPLAINED]


@pytest.mark.parametrize(
    "statement",
    [
        "update alert set due = current_date",
        "delete from alert",
        "update alert_answer set finding = 1",
        "delete from alert_answer",
    ],
)
async def test_the_service_changes_nothing_that_was_told_or_answered(database, statement):
    async with pool(database.dsn, name="audit") as opened:
        await PostgresAlerts(opened).add([told()])

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await opened.execute(statement)

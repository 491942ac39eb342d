"""Oversight over a trail in PostgreSQL, entered as the service enters it."""

import json
from datetime import date, timedelta

import pytest
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import kept_record_pb2 as kept_pb

from services.audit.oversight.__main__ import look_for_misuse, report_months
from services.audit.oversight.acts import READING
from services.audit.oversight.overseer import open_overseer
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.steps import Steps
from services.audit.trail.form import read
from services.audit.trail.model import ALERT, Kept, Search
from services.audit.trail.month_names import MONTH_BITS, month_number
from services.audit.trail.subjects import MonthKey, SubjectKeysUnusable
from services.audit.trail.wire import records
from services.concepts.ssin import Ssin
from services.kit.clock import belgian_day, belgian_midnight, utc_now
from services.kit.ids import uuid7
from tests.services.audit.conftest import secrets
from tests.services.audit.fakes import ANOTHER, PERSON

CONSULT = "cbss.routing.v1.RoutingService/Consult"
NUMBERS = [f"{base:08d}{97 - base % 97:02d}" for base in range(8999903, 8999910)]
OFFICIAL = "57631410249"
YESTERDAY = belgian_day(utc_now()) - timedelta(1)


def entry(organization, *, hour=10, subject=PERSON, stage=record_pb.EXCHANGE_STAGE_OUTCOME, **what):
    record = record_pb.ExchangeRecord(
        record_id=str(uuid7()),
        ticket_cbss=str(uuid7()),
        stage=stage,
        verdict=what.pop("verdict", record_pb.VERDICT_PERMIT),
        rpc=CONSULT,
        customer_cbe_number=organization,
        legal_context="SOCIAL:AID",
        subject_ssin=subject.digits,
        user_id=OFFICIAL,
        **what,
    )
    record.occurred_at.FromDatetime(belgian_midnight(YESTERDAY) + timedelta(hours=hour))
    return records.decode_entry(record)


@pytest.fixture
async def asked(running):
    """A trail in which seven institutions asked about one person yesterday."""
    await running.trail.record([entry(number) for number in NUMBERS])
    await running.trail.record(
        [
            entry(NUMBERS[0], stage=record_pb.EXCHANGE_STAGE_INTENT),
            entry(NUMBERS[0], subject=ANOTHER, hour=11),
            entry(
                NUMBERS[0],
                subject=ANOTHER,
                stage=record_pb.EXCHANGE_STAGE_REFUSAL,
                verdict=record_pb.VERDICT_DENY,
                reason="NOT_INTEGRATED",
            ),
        ]
    )
    await running.grow()
    return running


@pytest.fixture
def place(asked, tmp_path):
    return asked.database.dsn, tmp_path / "subject-keys.json"


async def of(running, organization):
    """All records of an institution."""
    search = Search(int(organization[:8]), "", utc_now() - timedelta(1), utc_now() + timedelta(1))
    return read(await running.trail.records.of_search(search, 0, 1000))


async def readings(running):
    rows = await running.owner.fetch("select content from ground")
    grounds = [record_pb.ExchangeRecord.FromString(row["content"]) for row in rows]
    return [one for one in grounds if one.rpc == READING]


async def test_a_person_asked_by_many_is_found_and_each_institution_has_its_alert(asked, place):
    told = await look_for_misuse(*place, (YESTERDAY, YESTERDAY + timedelta(1)), {}, None)

    found = json.loads(told)["told"]
    assert [one["organization"] for one in found] == NUMBERS
    assert {one["code"] for one in found} == {"ASKED_BY_MANY"}
    for number in NUMBERS:
        [alert] = [one for one in await of(asked, number) if one.rpc == ALERT]
        assert (alert.reason, alert.stage) == ("ASKED_BY_MANY", record_pb.EXCHANGE_STAGE_PUSH)
    assert len(await readings(asked)) == 1


async def test_an_official_who_asks_about_himself_is_found_by_the_number_he_was_told_with(
    asked, place
):
    others = [Ssin(number) for number in (90651803128, 39620200524, 73610801655)]
    own = entry(NUMBERS[0], subject=Ssin(int(OFFICIAL)))
    await asked.trail.record([own, *(entry(NUMBERS[0], subject=one) for one in others)])
    await asked.grow()

    told = await look_for_misuse(*place, (YESTERDAY, YESTERDAY + timedelta(1)), {}, None)

    [kept] = await asked.owner.fetch("select tickets from alert where code = 'OWN_NUMBER'")
    assert kept["tickets"] == [own.ticket]
    assert OFFICIAL not in told


async def test_what_is_found_again_is_told_once(asked, place):
    period = (YESTERDAY, YESTERDAY + timedelta(1))
    assert await look_for_misuse(*place, period, {}, None) == await look_for_misuse(
        *place, period, {}, None
    )

    assert len([one for one in await of(asked, NUMBERS[0]) if one.rpc == ALERT]) == 1
    [kept] = await asked.owner.fetch("select * from alert where organization = $1", NUMBERS[0])
    assert (kept["code"], kept["count"]) == ("ASKED_BY_MANY", len(NUMBERS))
    assert kept["due"] == rulebook().due(belgian_day(kept["told_at"]))


async def test_days_that_are_not_over_are_not_judged(asked, place):
    today = YESTERDAY + timedelta(1)

    assert await look_for_misuse(*place, (today, today + timedelta(9)), {}, "nl") == "nothing found"


async def test_nothing_that_is_told_names_anybody_or_an_exchange(asked, place):
    period = (YESTERDAY, YESTERDAY + timedelta(1))
    month = month_number(YESTERDAY.year, YESTERDAY.month)
    texts = [
        await look_for_misuse(*place, period, {}, None),
        await look_for_misuse(*place, period, {}, "fr"),
        await report_months(*place, month, "", {}, as_json=True),
        await report_months(*place, month, "", {}, as_json=False),
    ]

    tickets = await asked.owner.fetchval("select array_agg(t::text) from alert, unnest(tickets) t")
    assert not any(ticket in text for text in texts for ticket in tickets)
    assert not any(
        number in text for text in texts for number in (PERSON.digits, ANOTHER.digits, OFFICIAL)
    )


async def test_the_report_of_one_institution_counts_what_it_asked(asked, place):
    month = month_number(YESTERDAY.year, YESTERDAY.month)

    [report] = json.loads(await report_months(*place, month, NUMBERS[0], {}, as_json=True))[
        "reports"
    ]

    assert report["by_legal_context"] == {"SOCIAL:AID": 3}
    assert report["refusals_by_reason"] == {"NOT_INTEGRATED": 1}
    assert report["persons"] == 2
    assert len(await readings(asked)) == 1


@pytest.mark.parametrize(("days_later", "is_kept"), [(0, False), (40, True)])
async def test_a_month_is_kept_for_the_officers_once_its_last_searches_are_judged(
    asked, place, days_later, is_kept
):
    month = month_number(YESTERDAY.year, YESTERDAY.month)
    later = utc_now() + timedelta(days_later)

    async with open_overseer(*place, rulebook(), lambda: later) as overseer:
        made = await overseer.monthly(month)

    rows = await asked.owner.fetch(
        "select organization from monthly_report where month = $1", month
    )
    assert {row["organization"] for row in rows} == (set(NUMBERS) if is_kept else set())
    assert {one.organization for one in made} == set(NUMBERS)


async def test_persons_are_numbered_anew_in_every_run(asked, place):
    first, end = YESTERDAY, YESTERDAY + timedelta(1)
    subjects = []
    for _ in range(2):
        async with open_overseer(*place, rulebook()) as overseer:
            steps = [step async for day in overseer._days(first, end) for step in day.steps]
        subjects.append({step.subject for step in steps})
        assert {step.organization for step in steps} == set(NUMBERS)

    assert [len(one) for one in subjects] == [2, 2]
    assert subjects[0].isdisjoint(subjects[1])


def test_a_person_is_the_same_in_all_months_of_a_run():
    months = [MonthKey.of(month, bytes([month]) * 32) for month in (7, 8)]
    kept = [hidden(month, PERSON) for month in months] + [hidden(months[1], ANOTHER)]

    first, second, other = Steps(months).of(kept)

    assert (first.subject, first.official) == (second.subject, second.official)
    assert first.subject != other.subject


def test_of_a_month_that_is_forgotten_no_person_is_known():
    month = MonthKey.of(7, b"k" * 32)

    [step] = Steps([]).of([hidden(month, PERSON)])

    assert (step.subject, step.official) == (None, None)


def hidden(month, subject):
    """A record as the month keeps it."""
    told = entry(NUMBERS[0], subject=subject)
    persons = kept_pb.KeptInstance(
        subject=month.hide(subject, told.record_id).encrypted,
        user=month.hide_user(OFFICIAL, told.record_id).encrypted,
    )
    content = told.instance + persons.SerializeToString()
    place = month.month << MONTH_BITS
    return Kept(place, told.record_id, told.ticket, content, told.ground.content)


async def test_without_the_key_of_the_month_nothing_is_read(asked, place, tmp_path):
    place[1].write_text(secrets(2, current=2))

    with pytest.raises(SubjectKeysUnusable):
        await look_for_misuse(*place, (date(2026, 1, 1), date(2026, 1, 2)), {}, None)

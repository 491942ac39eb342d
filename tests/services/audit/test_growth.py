"""What is asked of the trail costs what is answered, however much has been recorded before."""

import asyncio
import json
from uuid import UUID

import pytest

from services.audit.log.store.log import PostgresLog
from services.audit.trail.model import SubjectKey
from services.audit.trail.store.records import PostgresRecords
from services.audit.trail.store.runs import records_by_ground, records_by_subject
from services.kit.postgres import pool, statements
from tests.services.audit.fakes import TICKET, entry
from tests.services.audit.logs import real_entry

SQL = statements("services.audit")
MANY = 30_000
PAGE = 101
KEY = 7


class Counted:
    """Runs statements as the stores do, and counts the rows that they read."""

    def __init__(self, owner):
        self.owner = owner
        self.rows = 0

    async def fetch(self, statement, *arguments):
        explained = f"explain (analyze, format json) {statement.strip().rstrip(';')}"
        [plan] = json.loads(await self.owner.fetchval(explained, *arguments))
        self.rows += _read_by(plan["Plan"])
        return await self.owner.fetch(statement, *arguments)


def _read_by(node):
    own = 0
    if "Relation Name" in node or "Index Name" in node:
        removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        own = (node["Actual Rows"] + sum(node.get(one, 0) for one in removed)) * node[
            "Actual Loops"
        ]
    return own + sum(_read_by(one) for one in node.get("Plans", ()))


@pytest.fixture
async def many(running):
    """A month in which one ground, one person and one exchange have many records, behind as many of
    others; the month."""
    await running.trail.record([entry(b"first", subject=None)])
    await running.owner.execute(
        "insert into ground (sha256, customer, legal_context, content)"
        " select sha256(n::text::bytea), 1, 'TEST', '' from generate_series(1, 50) n"
    )
    await running.owner.execute(
        "insert into record (customer, ground_id, subject_key, record_id, ticket, content)"
        " select 1, case when n % 2 = 0 then 2 else 3 + n % 40 end,"
        " case when n % 2 = 0 then $2 else n end, uuidv7(),"
        " case when n % 2 = 0 then $3 else uuidv7() end, ''"
        " from generate_series(1, 2 * $1::integer) n",
        MANY,
        KEY,
        TICKET,
    )
    await running.owner.execute("analyze record, ground")
    return await running.owner.fetchval("select max(month) from month")


async def second_page(counted, read):
    first = await read(counted.fetch, 0)
    assert len(first) == PAGE
    counted.rows = 0
    second = await read(counted.fetch, first[-1].sequence)
    assert len(second) == PAGE
    assert second[0].sequence > first[-1].sequence
    assert second == sorted(second, key=lambda one: one.sequence)
    return counted.rows


async def test_a_page_of_a_large_customer_reads_some_pages_and_not_its_whole_run(running, many):
    async def read(fetch, after):
        return await records_by_ground(fetch, [2], after, 2**62, PAGE)

    assert await second_page(Counted(running.owner), read) < 10 * PAGE


async def test_a_page_of_a_customer_with_many_grounds_reads_some_pages(running, many):
    async def read(fetch, after):
        return await records_by_ground(fetch, list(range(2, 50)), after, 2**62, PAGE)

    assert await second_page(Counted(running.owner), read) < 10 * PAGE


async def test_what_is_rare_is_found_behind_all_that_is_not(running, many):
    counted = Counted(running.owner)
    await running.trail.record([entry(b"rare", subject=None)])

    found = await records_by_ground(counted.fetch, [await newest(running)], 0, 2**62, PAGE)

    assert [one.ground for one in found] == [b"rare"]
    assert counted.rows < 5_000


async def newest(running):
    return await running.owner.fetchval("select max(ground_id) from ground")


async def test_a_page_of_a_person_reads_a_page(running, many):
    async def read(fetch, after):
        return await records_by_subject(fetch, [SubjectKey(many, KEY)], after, PAGE)

    assert await second_page(Counted(running.owner), read) < 10 * PAGE


async def test_a_page_of_an_exchange_reads_a_page(running, many):
    async def read(fetch, after):
        rows = await fetch(SQL.list_records_by_ticket, TICKET, after, PAGE)
        return [_Placed(row["sequence"]) for row in rows]

    assert await second_page(Counted(running.owner), read) < 10 * PAGE


class _Placed:
    def __init__(self, sequence):
        self.sequence = sequence


async def test_the_bounds_of_a_search_are_found_at_its_ends(running):
    await running.owner.execute(
        "insert into span (first_index, first_sequence, count, integrated_at)"
        " select n, 2 * n, 1, timestamptz '2026-11-01' + n * interval '1 second'"
        " from generate_series(1, 100000) n"
    )
    await running.owner.execute("analyze span")
    counted = Counted(running.owner)
    bounds = "2026-11-01 20:00+00", "2026-11-01 21:00+00"
    begin, end = [
        await running.owner.fetchval("select $1::text::timestamptz", bound) for bound in bounds
    ]

    [row] = await counted.fetch(SQL.find_bounds, begin, end)

    assert (row["after"], row["until"]) == (2 * 72_000 - 1, 2 * 75_600 - 1)
    assert counted.rows < 1_000


async def test_an_organization_with_few_reports_reads_few(running):
    columns = (
        "report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path,"
        " source, reporter, claim, evidence_reference, legal_context, due_date"
    )
    await running.owner.execute(
        f"insert into error_report ({columns})"
        " select gen_random_uuid(), substr(sha256(n::text::bytea), 1, 16), 1, '', 'X', 'y',"
        " case when n = 150000 then '0899990348' else '0899990744' end, '0899990645', 1, '', '',"
        " '2027-01-01' from generate_series(1, 300000) n"
    )
    await running.owner.execute("analyze error_report")
    counted = Counted(running.owner)

    rows = await counted.fetch(SQL.list_error_reports_of_organization, "0899990348", None, 0, PAGE)

    assert len(rows) == 1
    assert counted.rows < 100


async def test_no_record_is_lost_when_more_grounds_are_in_use_than_are_remembered(running):
    async with (
        pool(running.database.dsn, name="audit") as opened,
        PostgresRecords(opened, remembered=8) as records,
    ):
        trail = running.trail.__class__(
            records,
            running.trail.replacements,
            running.trail.months,
            running.trail.subjects,
            running.trail.places,
        )
        calls = [trail.record([entry(b"%d" % (n % 40), record_id=UUID(int=n))]) for n in range(400)]

        ended = await asyncio.gather(*calls, return_exceptions=True)

        assert [one for one in ended if one is not None] == []
        assert len(records._grounds) <= 8
    assert await running.owner.fetchval("select count(*) from record") == 400


async def test_the_sequencer_remembers_so_many_grounds_and_no_more(running, monkeypatch):
    monkeypatch.setattr("services.audit.log.store.log.GROUNDS_REMEMBERED", 16)
    for n in range(20):
        await running.trail.record([real_entry(legal_context=f"TEST:{n}:{m}") for m in range(10)])
    async with PostgresLog.claimed(running.database.dsn) as log:
        seen, after = [], 0
        settled = await log.settled()
        while (taken := await log.read(after, settled, 25)).sequences:
            after = taken.sequences[-1]
            seen += taken.sequences
            assert len(log._grounds) <= 16 + 25

    assert len(seen) == 200

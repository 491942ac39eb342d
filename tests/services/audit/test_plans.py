"""How PostgreSQL goes about what must not read a whole month: its own plans, of the statements as
they stand, over a month of many records."""

import re

import pytest

from services.kit.postgres import statements
from tests.services.audit.fakes import entry

SQL = statements("services.audit")
MODES = pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])


@pytest.fixture
async def month(running):
    """A month of forty thousand records with twenty thousand grounds; its number."""
    await running.trail.record([entry(b"first")])
    await running.owner.execute(
        "insert into ground (sha256, customer, legal_context, content)"
        " select sha256(n::text::bytea), n % 100, 'TEST:' || n % 10, ''"
        " from generate_series(1, 20000) n;"
        "insert into record (customer, ground_id, subject_key, record_id, ticket, content)"
        " select n % 100, 1 + n % 20000, hashint8extended(n, 1), uuidv7(), uuidv7(), ''"
        " from generate_series(1, 40000) n;"
        "analyze record, ground"
    )
    return await running.owner.fetchval("select max(month) from month")


async def plan_of(running, mode, statement, types, values):
    text = statement.strip().rstrip(";")
    async with running.owner.transaction():
        await running.owner.execute(f"set local plan_cache_mode = {mode}")
        if types:
            await running.owner.execute(f"prepare look ({types}) as {text}")
            text = f"execute look ({values})"
        rows = await running.owner.fetch(f"explain (analyze) {text}")
        if types:
            await running.owner.execute("deallocate look")
    return "\n".join(row[0] for row in rows)


@MODES
async def test_whether_records_wait_is_seen_at_the_last_one(running, month, mode):
    found = await plan_of(running, mode, SQL.find_waiting, "", "")

    assert f"Scan Backward using record_{month}_sequence_idx" in found
    assert "Seq Scan on record_" not in found


@MODES
async def test_whether_a_month_is_in_the_log_is_seen_at_its_last_record(running, month, mode):
    found = await plan_of(running, mode, SQL.find_unmerged_in_month, "integer", str(month))

    assert f"record_{month}_sequence_idx" in found
    assert "Seq Scan on record_" not in found


@MODES
async def test_records_of_grounds_are_found_run_by_run(running, month, mode):
    keys = [month << 48 | ground for ground in range(1, 500)]
    values = f"array{keys}::bigint[], {month}, 0, {2**62}, 50"
    types = "bigint[], bigint, bigint, bigint, bigint"

    found = await plan_of(running, mode, SQL.list_records_by_ground, types, values)

    assert f"record_{month}_ground_run_idx" in found
    assert "Seq Scan on record_" not in found


async def test_a_person_is_looked_for_by_the_runs_of_a_month(running, month):
    await running.owner.execute(
        "create table record_9 partition of record for values from (0) to (1::bigint << 34);"
        "analyze record_9"
    )
    types = "bigint[], bigint[], bigint[], bigint[], bigint, bigint"
    values = "'{0}', '{17179869184}', '{1}', '{1}', 0, 10"

    found = await plan_of(running, "force_generic_plan", SQL.list_records_by_subject, types, values)

    # Of what is in the month nothing is read, for another month is asked for.
    assert re.search(
        rf"Scan (on|using) record_{month}_subject_run_sequence_idx .*never executed", found
    )
    assert "Seq Scan on record_9" in found
